"""Finds out in which encoding a text is written."""

from __future__ import annotations

import codecs
import re
import unicodedata

from pipeline.formats.base import HAN, InputError, printable

# The commonest characters of written Chinese, both scripts: most of any Chinese text, and hardly any of a text read in
# a wrong encoding.
_COMMON = frozenset(
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学"
    "如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将"
    "两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及"
    "比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统"
    "区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共"
    "确传师观清今切院让识候带导争运笔户供应链质控信任复盘问题反馈团队"
    "這個們來為國說時會對過發後裡種經麼學現當沒動還進樣開從實軍無與長機關點業將兩間問很並應戰向頭體見產或給門話聲東兒員論處義幾認條係氣題爾"
    "別變總電數報結務場計資許統區隊書則聽達強難權設記類據邊張該規萬覺術領確傳師觀識帶導爭運質復盤團"
    "，。、；：！？“”（）《》「」"
)


def _plausible(text: str) -> float:
    """Return how much a text looks like Chinese: the share of common characters in those beyond ASCII, less what never
    occurs."""
    sample = text if len(text) <= 60_000 else text[:30_000] + text[-30_000:]
    others = [c for c in sample if c > "\x7f"]
    if not others:
        return 0.0
    odd = sum(unicodedata.category(c) in ("Co", "Cn", "Cs", "Cc") or "\uff61" <= c <= "\uff9f" for c in others)
    odd += len(re.findall(r"[\x00-\x08\x0e-\x1f\x7f]", sample))
    return (sum(c in _COMMON for c in others) - 3 * odd) / len(others)


def check_encoding(encoding: str) -> None:
    """Raise an InputError where Python knows no such text encoding."""
    try:
        known = codecs.lookup(encoding)
        "".encode(encoding)
    except (LookupError, ValueError, TypeError) as error:
        raise InputError(
            f"--encoding {printable(encoding)}: no such text encoding; try utf-8, gb18030, big5 "
            "or utf-16, or convert the file with iconv"
        ) from error
    del known


def decoded(data: bytes, encoding: str | None, where: str) -> tuple[str, str]:
    """Return text and encoding as :func:`decode` does; a text of blanks alone is an InputError."""
    text, used = decode(data, encoding, where)
    if not text.strip():
        raise InputError(f"{where}: empty file; give one with text in it")
    return text, used


def decode(data: bytes, encoding: str | None = None, where: str = "input") -> tuple[str, str]:
    """Return the text of ``data`` without a byte-order mark, and the encoding's name as Python knows it.

    Without ``encoding``, a byte-order mark decides, then UTF-8, then the one of GB18030, Big5, UTF-16 and UTF-32 that
    gives the most plausible Chinese. A few bytes that are broken (a file cut off in mid-character, a bad byte in a
    hundred kilobytes) are U+FFFD in the text.

    Raises:
        InputError: no encoding gives text; more than a few bytes are broken, of which the first is named; or the text
            was garbled before it was saved.
    """
    if encoding is not None:
        text, used = _named(data, encoding, where)
    else:
        text, used = _marked(data, where) or _found(data, where)
    _refuse_garbled(text, used, where, named=encoding is not None)
    return text, used


# What people call an encoding, and what the bytes may hold in truth: each holds all of those before it.
_FAMILIES = {
    "gb2312": ("gb2312", "gbk", "gb18030"),
    "gbk": ("gbk", "gb18030"),
    "cp936": ("gbk", "gb18030"),
    "big5": ("big5", "cp950", "big5hkscs"),
}


def _named(data: bytes, encoding: str, where: str) -> tuple[str, str]:
    """Decode as the caller says; a mistake in the name of a Chinese encoding is forgiven."""
    try:
        name = codecs.lookup(encoding).name
        for wider in _FAMILIES.get(name, (name,)):
            try:
                return data.decode(wider).removeprefix("\ufeff"), wider
            except UnicodeDecodeError:
                continue
        last = _FAMILIES.get(name, (encoding,))[-1]
        text = _mended(data, last)
        if text is not None:
            return text.removeprefix("\ufeff"), codecs.lookup(last).name
        data.decode(encoding)
    except UnicodeDecodeError as error:
        raise InputError(
            f"{where}: byte {error.start} is not valid {encoding}; leave out --encoding or name another one"
        ) from error
    except (LookupError, ValueError) as error:
        raise InputError(
            f"{where}: cannot be decoded as {encoding}; leave out --encoding or name another one"
        ) from error
    raise AssertionError("what is valid has been returned")


def _marked(data: bytes, where: str) -> tuple[str, str] | None:
    """Decode as a byte-order mark says, if there is one."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            rest = data[len(mark) :]
            try:
                return rest.decode(name), name
            except UnicodeDecodeError as error:
                if (text := _mended(rest, name)) is not None:
                    return text, name
                raise _broken(where, len(mark) + error.start, name) from error
    return None


def _found(data: bytes, where: str) -> tuple[str, str]:
    """Find the encoding out."""
    broken: UnicodeDecodeError | None = None
    try:
        text = data.decode("utf-8")
        if "\0" not in text and (_plausible(text) > 0 or text.isascii() or HAN.search(text)):
            return text, "utf-8"
    except UnicodeDecodeError as error:
        broken = error
        rough = data.decode("utf-8", "replace")
        if len(HAN.findall(rough)) > 4 * rough.count("\ufffd"):
            if (mended := _mended(data, "utf-8")) is not None:
                return mended, "utf-8"
            raise _broken(where, error.start, "utf-8") from error
    best, score, used = "", 0.0, ""
    for name in _CANDIDATES:
        try:
            text = data.decode(name)
        except UnicodeDecodeError:
            continue
        # Zeros fill up a file here and there; in the wide encodings they would be characters
        s = _plausible(text if name.startswith("utf-16") else text.replace("\0", ""))
        if s > score + 1e-9:
            best, score, used = text, s, name
    if score >= _CHINESE:
        return best, _plainer(data, best, used)
    for name in ("gb18030", "cp950", "utf-16-le", "utf-16-be"):
        mended = _mended(data, name)
        if mended is not None and (s := _plausible(mended.replace("\ufffd", ""))) > max(score, _CHINESE):
            best, score, used = mended, s, name
    if used and score >= _CHINESE:
        return best, used
    if broken is None and b"\0" not in data:
        return data.decode("utf-8"), "utf-8"
    return _last_resort(data, where)


def _plainer(data: bytes, text: str, used: str) -> str:
    """Call Windows' Big5 by its common name where the two do not differ."""
    try:
        return "big5" if used == "cp950" and data.decode("big5") == text else used
    except UnicodeDecodeError:
        return used


_MARKS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"), (b"\x84\x31\x95\x33", "gb18030"),
)  # fmt: skip
# Of those that read a text alike the first is taken. cp950 is Big5 as Windows writes it.
_CANDIDATES = (
    "utf-32-le", "utf-32-be", "utf-8", "gb18030", "cp950", "big5", "big5hkscs", "utf-16-le", "utf-16-be",
)  # fmt: skip
_CHINESE = 0.2
"""How plausible a text must be for an encoding to be believed."""
_APART = 500
"""Characters on each place that may be broken, one being always allowed."""


def _mended(data: bytes, name: str) -> str | None:
    """Return the text with U+FFFD for what is broken, None where that is more than a few places."""
    text = data.decode(name, "replace")
    places = max(1, len(text) // _APART)
    lost = text.count("\ufffd")
    few = lost <= 3 * places and len(re.findall("\ufffd+", text)) <= places
    return text if few and 8 * lost < len(text) else None


# How a text looks that was decoded wrongly once and saved so: what it was, and what it was taken for.
_MISREAD = (
    ("utf-8", "gb18030"), ("utf-8", "latin-1"), ("utf-8", "cp1252"), ("gb18030", "latin-1"), ("gb18030", "cp1252"),
    ("utf-8", "big5"), ("gb18030", "big5"),
)  # fmt: skip
_LOST = "锟斤拷"
"""U+FFFD, written as UTF-8 and read as GBK."""


def unreadable(text: str) -> int:
    """Return in how many places of a text something stands for characters that were lost."""
    return len(re.findall(f"(?:\ufffd|{_LOST})+", text))


def _refuse_garbled(text: str, used: str, where: str, *, named: bool) -> None:
    """Raise an InputError where a text was garbled before it was saved, or by the name of an encoding."""
    lost = text.count(_LOST)
    if 3 * lost > 0.1 * len(text):
        raise InputError(f"{where}: most of it was lost in a wrong conversion ({_LOST}); get the original file")
    if misread := _misread(text):
        real, taken = misread
        way = (
            f"leave out --encoding or name {real}"
            if named
            else f"get the original, or undo it: iconv -f {used} -t {taken}"
        )
        raise InputError(f"{where}: garbled, {real.upper()} that was taken for {taken.upper()}; {way}")


def _misread(text: str) -> tuple[str, str] | None:
    """Return in which encoding a text was, and in which it was read, where that is why it is no Chinese."""
    if _plausible(text) >= _CHINESE:
        return None
    sample = text[:3000]
    for real, taken in _MISREAD:
        try:
            original = sample.encode(taken, "ignore").decode(real, "ignore")
        except (UnicodeError, LookupError):
            continue
        if len(HAN.findall(original)) * 8 > len(sample) and _plausible(original) > 2 * _CHINESE:
            return real, taken
    return None


def _broken(where: str, offset: int, name: str) -> InputError:
    return InputError(
        f"{where}: broken {name.upper()} at byte {offset}; mend the file, or name its encoding with --encoding"
    )


def _last_resort(data: bytes, where: str) -> tuple[str, str]:
    """Name the reason why nothing fits: broken bytes in a Chinese encoding, an encoding unheard of, or no text at
    all."""
    for name in ("gb18030", "big5"):
        rough = data.decode(name, "replace")
        if rough.count("\ufffd") * 20 < len(rough) and _plausible(rough.replace("\ufffd", "")) > 0.3:
            try:
                data.decode(name)
            except UnicodeDecodeError as error:
                raise _broken(where, error.start, name) from error
    if data.count(b"\0") == 0 and len(re.findall(rb"[\x01-\x08\x0e-\x1f\x7f]", data)) * 50 < len(data):
        from charset_normalizer import from_bytes

        guess = from_bytes(data[:200_000]).best()
        if guess is not None and guess.encoding != "ascii":
            try:
                text = data.decode(guess.encoding)
            except (UnicodeDecodeError, LookupError):
                text = ""
            if _plausible(text) > 0.1:
                return text.removeprefix("\ufeff"), guess.encoding
        raise InputError(f"{where}: encoding not recognised; name it with --encoding (gb18030, big5, utf-16 …)")
    raise InputError(f"{where}: a binary file, not text; give a text, Markdown, HTML, Word, PDF or EPUB file")


def declared(data: bytes) -> str | None:
    """Return the encoding that a web page declares, where Python knows it and it is right."""
    m = re.search(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""", data[:4096])
    if not m or data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return None
    name = m[1].decode("ascii").lower()
    name = "gb18030" if name in ("gb2312", "gbk", "gb_2312-80", "x-gbk") else name
    try:
        text = data.decode(name)
    except (LookupError, ValueError):
        return None
    return None if _misread(text) else name
