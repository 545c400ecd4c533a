"""The notebooks: run as a reader runs them, in a kernel of their own, beside the articles that they read."""

from __future__ import annotations

import json
import re
import resource
import shutil
import sys
from html import unescape
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from pipeline.analysis import Analysis
from pipeline.comparison import compare
from pipeline.write.headline import finding
from tests.conftest import CORPUS, ROOT

# Half of its functions carry no types
_nbformat: Any = nbformat
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
ONE, COMPARE, OWN = (path.name for path in NOTEBOOKS)
# What each cell must show: a figure or a table, by the cell's id
SHOWS = {
    ONE: {
        "article": "text/html",
        "finding": "text/html",
        "tone": "image/png",
        "sections": "image/png",
        "section": "text/html",
        "sentence": "text/html",
        "keywords": "image/png",
        "kwic": "text/html",
        "concepts": "image/png",
        "mentions": "text/html",
        "network": "image/png",
        "edges": "text/html",
        "courses": "text/html",
    },
    COMPARE: {
        "article": "text/html",
        "tone": "image/png",
        "concepts": "image/png",
        "shared": "text/html",
        "links": "text/html",
        "special": "text/html",
        "apart": "text/html",
        "nearest": "text/html",
        "share": "text/html",
        "contrast": "text/html",
    },
    OWN: {
        "article": "text/html",
        "propose": "text/html",
        "analyse": "text/html",
        "where": "text/html",
        "tone": "text/html",
        "concepts": "image/png",
        "edges": "text/html",
        "dictionary": "text/html",
        "keywords": "text/html",
    },
}
MOST_SECONDS = 20.0


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of articles alone, with the folder that a notebook runs in."""
    folder = tmp_path / "project"
    shutil.copytree(CORPUS, folder / "corpus")
    (folder / "notebooks").mkdir()
    return folder


@pytest.fixture
def private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A kernel ``python3`` on the Python of the tests, and a home of its own, where all that Jupyter writes stays."""
    home = tmp_path / "home"
    kernel = home / "jupyter" / "kernels" / "python3"
    kernel.mkdir(parents=True)
    command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    spec = {"argv": command, "display_name": "Python 3", "language": "python"}
    (kernel / "kernel.json").write_text(json.dumps(spec), encoding="utf-8")
    folders = {
        "HOME": "",
        "JUPYTER_PATH": "jupyter",
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "IPYTHONDIR": "ipython",
        "MPLCONFIGDIR": "matplotlib",
        "XDG_CACHE_HOME": "cache",
        "XDG_CONFIG_HOME": "config",
        "TMPDIR": "tmp",
    }
    for name, folder in folders.items():
        (home / folder).mkdir(exist_ok=True)
        monkeypatch.setenv(name, str(home / folder))
    # This checkout, wherever the environment's own copy of the package may point
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    return home


def load(name: str) -> Any:
    return _nbformat.read(ROOT / "notebooks" / name, as_version=4)


def changed(name: str, old: str, new: str) -> Any:
    """Return a notebook with something else in its first cell of code."""
    notebook = load(name)
    (cell,) = [cell for cell in notebook.cells if cell.id == "article"]
    assert cell.source.count(old) == 1
    cell.source = cell.source.replace(old, new)
    return notebook


def execute(notebook: Any, folder: Path) -> dict[str, list[Any]]:
    """Run a notebook in a folder; return the outputs of its code cells by their ids."""
    client = NotebookClient(notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(folder)}})
    client.execute()
    return {cell.id: cell.outputs for cell in notebook.cells if cell.cell_type == "code"}


def said(outputs: list[Any]) -> str:
    """All that a cell shows as text."""
    parts = []
    for output in outputs:
        if output.output_type == "stream":
            parts.append(output.text)
        elif output.output_type in ("display_data", "execute_result"):
            parts += [output.data[kind] for kind in ("text/html", "text/markdown", "text/plain") if kind in output.data]
    return "\n".join(parts)


def read(outputs: list[Any]) -> str:
    """The same as a reader sees it, without mark-up."""
    return unescape(re.sub(r"<style.*?</style>|<[^>]+>", "", said(outputs), flags=re.DOTALL))


def tree(folder: Path) -> set[str]:
    return {str(path) for path in folder.rglob("*") if "__pycache__" not in path.parts}


def check(name: str, project: Path, private: Path, more: str) -> dict[str, list[Any]]:
    """Run a notebook with one more cell, ``more``, and hold what is asked of all; return what its cells show."""
    notebook = load(name)
    notebook.cells.append(_nbformat.v4.new_code_cell(more, id="more"))
    before = tree(ROOT / "notebooks") | tree(project)
    began = resource.getrusage(resource.RUSAGE_CHILDREN)

    shown = execute(notebook, project / "notebooks")

    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    # Processor time, which other tests beside this one do not stretch
    assert ended.ru_utime + ended.ru_stime - began.ru_utime - began.ru_stime <= MOST_SECONDS
    assert_shows(name, shown)
    assert tree(ROOT / "notebooks") | tree(project) == before, "the notebook writes beside itself"
    # The folder in which it wrote goes with the kernel, and nothing tells where it was
    assert not list((private / "tmp").glob("fupan-*"))
    assert not [cell for cell, outputs in shown.items() if str(private) in said(outputs)]
    return shown


def assert_shows(name: str, shown: dict[str, list[Any]]) -> None:
    for cell, kind in SHOWS[name].items():
        found = {key for output in shown[cell] for key in output.get("data", {})}
        assert kind in found, f"cell {cell} shows {found}"
    # A character that the font lacks, a deprecated call: they would all be here
    assert not [o.text for own in shown.values() for o in own if o.output_type == "stream" and o.name == "stderr"]


def test_one_article_is_read_down_to_its_sentences(xiaomi11: Analysis, project: Path, private: Path) -> None:
    shown = check(ONE, project, private, "print(len(a.edges), lowest.heading, KEYWORD.term, CONCEPT)")

    count, heading, keyword, concept = said(shown["more"]).split()
    assert int(count) == len(xiaomi11.edges)
    assert str(finding(xiaomi11)) in read(shown["article"])
    assert all(sentence.plain in read(shown["finding"]) for sentence in xiaomi11.summary)
    (section,) = [section for section in xiaomi11.sections if section.heading == heading]
    assert all(piece.text in read(shown["section"]) for piece in section.polarity.evidence)
    # From the section to the sentence that weighs most in it, and to its words
    assert section.polarity.evidence[0].text in read(shown["sentence"])
    assert "fp-en" in said(shown["sentence"])
    (term,) = [term for term in xiaomi11.keywords if term.term == keyword]
    assert said(shown["kwic"]).count("<tr>") == 1 + term.count
    assert f"{concept} {sum(mention.concept == concept for mention in xiaomi11.mentions)}" in read(shown["mentions"])
    known = set(xiaomi11.concepts)
    first = next(edge for edge in xiaomi11.edges if {edge.source, edge.target} <= known)
    assert all(xiaomi11.sentences[number].plain in read(shown["edge"]) for number in first.sentences)
    assert "report.html" in said(shown["files"])


def test_articles_are_compared(analyses: dict[str, Analysis], project: Path, private: Path) -> None:
    shown = check(COMPARE, project, private, "print(len(analyses), ARTICLE, share[ARTICLE].sum())")

    count, label, total = said(shown["more"]).split()
    assert int(count) == len(analyses)
    assert label in analyses
    assert float(total) == pytest.approx(100)
    comparison = compare([analyses[name] for name in sorted(analyses)])
    for article in comparison.articles:
        assert article.title in read(shown["article"])
        assert all(f"{term.term} {term.count}/{term.elsewhere}" in read(shown["apart"]) for term in article.distinctive)
    for number in range(len(analyses)):
        for link, _ in comparison.special(number)[:3]:
            assert f"{link.source} — {link.target}" in read(shown["special"])


def test_a_concept_and_words_of_ones_own_are_found(project: Path, private: Path) -> None:
    shown = check(
        OWN,
        project,
        private,
        "print(len(own), {*own['alias']} <= {NAME, *ALIASES}, len(linked), before.polarity == after.polarity)",
    )

    count, known, links, same = said(shown["more"]).split()
    assert int(count) >= 5
    assert known == same == "True"
    assert int(links) >= 1
    assert re.search(rf"高端\s+0\s+{count}\s", read(shown["analyse"]))
    assert read(shown["dictionary"]).count("／") >= 3
    toml, equal, slip = said(shown["settings"]).rsplit("\n", 3)[:3]
    assert 'dictionary = "words.txt"' in toml
    assert equal == "结果相同"
    assert "did you mean 'concepts'?" in slip


@pytest.mark.parametrize("article", ["founder-year.txt", "incident-payment-outage.md"])
def test_one_line_changes_the_article(article: str, project: Path, private: Path) -> None:
    """Without headings at all, and with tables, code and headings that have no text of their own."""
    assert_shows(ONE, execute(changed(ONE, "xiaomi11.txt", article), project / "notebooks"))


def test_one_article_alone_compares_with_nothing(project: Path, private: Path) -> None:
    for path in (project / "corpus").iterdir():
        if path.name != "founder-year.txt":
            path.unlink()

    shown = execute(load(COMPARE), project / "notebooks")

    assert_shows(COMPARE, shown)
    assert "只有一篇" in read(shown["article"])


def test_a_concept_that_the_article_does_not_name_is_told(project: Path, private: Path) -> None:
    notebook = changed(OWN, 'NAME = "高端"', 'NAME = "麦田"')
    (cell,) = [cell for cell in notebook.cells if cell.id == "article"]
    cell.source = re.sub(r"(ALIASES|EXCLUSIONS) = \[.*\]", r"\1 = []", cell.source)

    shown = execute(notebook, project / "notebooks")

    assert_shows(OWN, shown)
    assert "《xiaomi11》里没有「麦田」" in said(shown["analyse"])


def test_an_article_that_is_not_there_is_named(project: Path, private: Path) -> None:
    notebook = changed(ONE, "xiaomi11.txt", "xiaomi12.txt")

    with pytest.raises(CellExecutionError):
        execute(notebook, project / "notebooks")

    ran = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.execution_count]
    assert [cell.id for cell in ran] == ["article"]
    (error,) = ran[0].outputs
    assert error.ename == "InputError"
    assert "xiaomi12.txt" in error.evalue


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_is_committed_without_traces_of_a_run(path: Path) -> None:
    notebook = _nbformat.read(path, as_version=4)

    _nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) >= (4, 5), "ids belong to cells from 4.5 on"
    assert notebook.metadata.kernelspec.name == "python3"
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids)
    # A name that stays, rather than what Jupyter throws dice for
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", name) for name in ids), f"give every cell a name: {ids}"
    for cell in notebook.cells:
        assert not cell.metadata, cell.id
        if cell.cell_type == "code":
            assert cell.execution_count is None, cell.id
            assert cell.outputs == [], cell.id
    # As Jupyter writes it, so that saving it unchanged changes nothing
    assert path.read_text(encoding="utf-8") == _nbformat.writes(notebook) + "\n"


def test_they_share_how_tables_look() -> None:
    """One helper three times, for a notebook cannot import a neighbour."""
    sources = ["\n".join(cell.source for cell in load(path.name).cells) for path in NOTEBOOKS]
    helpers = {re.search(r"def table\(.*?(?=\n\n\n)", source, flags=re.DOTALL) for source in sources}
    assert len({found.group() if found else None for found in helpers}) == 1


def test_every_notebook_is_listed() -> None:
    listed = re.findall(r"\]\((\w+\.ipynb)\)", (ROOT / "notebooks" / "README.md").read_text(encoding="utf-8"))
    assert listed == [path.name for path in NOTEBOOKS] == list(SHOWS)
