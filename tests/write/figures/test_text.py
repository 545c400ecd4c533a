from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.write.figures.style import load_matplotlib
from pipeline.write.figures.text import fit, label, width

load_matplotlib()


@given(st.text(st.characters() | st.sampled_from("，。（A1 "), max_size=40), st.floats(-2, 30), st.integers(1, 4))
def test_fit(text: str, ems: float, lines: int) -> None:
    shown = label(text)
    fitted = fit(shown, ems, lines)
    made = fitted.split("\n") if fitted else []
    assert len(made) <= lines
    if ems >= 4:
        assert all(width(line) <= ems + 1e-5 for line in made)
    if "…" not in fitted:
        assert "".join(made).replace(" ", "") == shown.replace(" ", "")


def test_lines_break_where_a_reader_would() -> None:
    assert fit("（1）起初，越说越错", 6, 3) == "（1）起初，\n越说越错"
    assert fit("（2）99.9%的合格率", 5, 3) == "（2）\n99.9%的\n合格率"
    assert fit("升级到Kubernetes集群", 7, 3) == "升级到\nKubernetes\n集群"
    assert fit("一二三四五六七八九十", 9, 2) == "一二三四五\n六七八九十"
    assert fit("一二三四五六七八九十", 4, 2) == "一二三四\n五六七…"


def test_a_line_fits_into_the_width_measured_for_it() -> None:
    for text in ("测试为什么没有拦住", "V2.4.0", "Kubernetes 集群", "WWW"):
        assert fit(text, width(text)) == text
        assert fit(text, width(text) - 0.01) != text


def test_labels_are_drawable() -> None:
    assert label("品控\x00\u200b👍\u202e A") == "品控 A"
    assert label("\U0002f80a") == "〓"
    assert label("\n") == "—"
