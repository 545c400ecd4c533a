"""The notebooks: run as a reader runs them, in a kernel of their own, against outputs that the tests make."""

from __future__ import annotations

import json
import re
import resource
import shutil
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

import pipeline
from pipeline.config import Settings
from pipeline.run import run
from tests.conftest import CORPUS, ROOT

# Half of its functions carry no types
_nbformat: Any = nbformat
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
ONE, COMPARE, OWN = (path.name for path in NOTEBOOKS)
# What each cell must show: a figure or a table, by the cell's id
SHOWS = {
    ONE: {
        "finding": "text/markdown",
        "sections": "image/png",
        "sentences": "image/png",
        "keywords": "image/png",
        "network": "image/png",
        "edges": "text/html",
        "edge": "text/html",
        "kwic": "text/html",
    },
    COMPARE: {
        "load": "text/html",
        "courses": "image/png",
        "concepts": "image/png",
        "apart": "image/png",
        "against": "image/png",
        "tone": "text/html",
    },
    OWN: {"analyse": "text/html", "where": "image/png", "tone": "image/png", "edges": "text/html"},
}
MOST_SECONDS = 20.0


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What ``make analyze`` leaves, but for the figures, which the notebooks do not need."""
    out = tmp_path_factory.mktemp("notebooks") / "outputs"
    result = run([CORPUS], out, settings=Settings(), figures=False)
    assert len(result.analyses) == 5
    return out


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
    monkeypatch.delenv("FUPAN_OUTPUTS", raising=False)
    return home


def load(name: str) -> Any:
    return _nbformat.read(ROOT / "notebooks" / name, as_version=4)


def execute(notebook: Any, folder: Path) -> dict[str, list[Any]]:
    """Run a notebook in a folder; return the outputs of its code cells by their ids."""
    folder.mkdir(exist_ok=True)
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


def tree(folder: Path) -> set[str]:
    return {str(path) for path in folder.rglob("*") if "__pycache__" not in path.parts}


def check(name: str, outputs: Path, tmp_path: Path, more: str = "") -> dict[str, list[Any]]:
    """Run a notebook with one more cell, ``more``, and hold what is asked of all; return what its cells show."""
    notebook = load(name)
    notebook.cells.append(_nbformat.v4.new_code_cell(more, id="more"))
    folder = tmp_path / "elsewhere"
    before = tree(ROOT / "notebooks") | tree(outputs)
    began = resource.getrusage(resource.RUSAGE_CHILDREN)

    shown = execute(notebook, folder)

    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    # Processor time, which other tests beside this one do not stretch
    assert ended.ru_utime + ended.ru_stime - began.ru_utime - began.ru_stime <= MOST_SECONDS
    assert_shows(name, shown)
    assert not list(folder.iterdir()), "the notebook writes into the working directory"
    assert tree(ROOT / "notebooks") | tree(outputs) == before
    return shown


def assert_shows(name: str, shown: dict[str, list[Any]]) -> None:
    for cell, kind in SHOWS[name].items():
        found = {key for output in shown[cell] for key in output.get("data", {})}
        assert kind in found, f"cell {cell} shows {found}"
    # A character that the font lacks, a deprecated call: they would all be here
    assert not [o.text for own in shown.values() for o in own if o.output_type == "stream" and o.name == "stderr"]


def test_one_article_shows_what_the_outputs_hold(
    outputs: Path, private: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FUPAN_OUTPUTS", str(outputs))

    # The network that the notebook rebuilds from graph.json, beside the one that was written
    shown = check(
        ONE,
        outputs,
        tmp_path,
        "print(len(network.nodes), len(network.edges), between[0].source, between[0].target, between[0].sentences)",
    )

    document = json.loads((outputs / "xiaomi11" / "analysis.json").read_text(encoding="utf-8"))
    nodes, edges, source, target, numbers = said(shown["more"]).split(" ", 4)
    assert (int(nodes), int(edges)) == (len(document["nodes"]), len(document["edges"]))
    (edge,) = [e for e in document["edges"] if (e["source"], e["target"]) == (source, target)]
    assert [int(number) for number in re.findall(r"\d+", numbers)] == edge["sentences"]
    opened = re.sub(r"<[^>]+>", "", said(shown["edge"]))
    for number in edge["sentences"]:
        assert document["sentences"][number]["text"] in opened
    assert "<mark" in said(shown["edge"])
    told, finding = (outputs / "xiaomi11" / "summary.md").read_text(encoding="utf-8").split("\n")[2:5:2]
    assert finding.startswith("**全文")
    assert told in said(shown["finding"])
    assert finding in said(shown["finding"])


def test_articles_are_compared(outputs: Path, private: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FUPAN_OUTPUTS", str(outputs))

    shown = check(COMPARE, outputs, tmp_path, "print(len(ARTICLES), len(comparison.articles), counts.max().max())")

    articles, compared, most = said(shown["more"]).split()
    assert articles == compared == "5"
    assert float(most) >= 5
    assert "禾灶F5空气炸锅为什么卖砸了" in said(shown["load"])


def test_a_concept_of_ones_own_is_found_and_a_settings_file_gives_the_same(
    outputs: Path, private: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FUPAN_OUTPUTS", str(outputs))

    shown = check(
        OWN,
        outputs,
        tmp_path,
        "print(len(own), {m.alias for m in own} <= {NAME, *ALIASES}, len(linked), spread.loc[NAME, 'count'])",
    )

    count, known, links, counted = said(shown["more"]).split()
    assert int(count) == float(counted) >= 5
    assert known == "True"
    assert int(links) >= 1
    same, slip = said(shown["settings"]).splitlines()
    assert same == "结果相同"
    assert "did you mean 'concepts'?" in slip
    # The folder in which it wrote goes with the kernel
    assert not list((private / "tmp").glob("fupan-*"))


@pytest.mark.parametrize("article", ["founder-year", "incident-payment-outage"])
def test_one_line_changes_the_article(
    article: str, outputs: Path, private: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without headings at all, and with tables, code and headings that have no text of their own."""
    monkeypatch.setenv("FUPAN_OUTPUTS", str(outputs))
    notebook = load(ONE)
    (cell,) = [cell for cell in notebook.cells if cell.id == "article"]
    assert '"xiaomi11"' in cell.source
    cell.source = cell.source.replace("xiaomi11", article)

    assert_shows(ONE, execute(notebook, tmp_path / "elsewhere"))


def test_a_concept_that_the_article_does_not_name_ends_it_in_one_line(
    outputs: Path, private: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FUPAN_OUTPUTS", str(outputs))
    notebook = load(OWN)
    (cell,) = [cell for cell in notebook.cells if cell.id == "article"]
    cell.source = 'ARTICLE, NAME, ALIASES, EXCLUSIONS = "xiaomi11", "麦田", [], []'

    with pytest.raises(CellExecutionError):
        execute(notebook, tmp_path / "elsewhere")

    (cell,) = [cell for cell in notebook.cells if cell.id == "analyse"]
    (error,) = cell.outputs
    assert error.traceback == ["《xiaomi11》里没有「麦田」：请在上面换一个概念，或换一篇文章。"]


def test_without_outputs_one_line_says_what_to_do(
    private: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FUPAN_OUTPUTS", str(tmp_path / "nothing"))
    notebook = load(ONE)

    with pytest.raises(CellExecutionError):
        execute(notebook, tmp_path / "elsewhere")

    ran = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.execution_count]
    assert [cell.id for cell in ran] == ["article", "results"]
    (error,) = ran[-1].outputs
    # All that Jupyter shows: no traceback above or below it
    (line,) = error.traceback
    assert "\n" not in line
    assert "先在项目根目录运行 make analyze" in line
    assert str(tmp_path / "nothing") in line


def results() -> dict[str, Any]:
    """Run the cell that finds the results, in this process."""
    (cell,) = [cell for cell in load(ONE).cells if cell.id == "results"]
    namespace: dict[str, Any] = {"ARTICLE": "xiaomi11"}
    exec(cell.source, namespace)
    return namespace


def test_an_article_that_is_not_there_is_answered_with_those_that_are(
    outputs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    partial = tmp_path / "outputs"
    shutil.copytree(outputs / "founder-year", partial / "founder-year")
    monkeypatch.setenv("FUPAN_OUTPUTS", str(partial))

    with pytest.raises(
        Exception, match="没有 xiaomi11 的结果（现有：founder-year）：请先在项目根目录运行 make analyze"
    ):
        results()


@pytest.mark.parametrize("place", ["notebooks", "."])
def test_the_outputs_are_those_beside_the_notebook(
    place: str, outputs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = tmp_path / "project"
    shutil.copytree(ROOT / "notebooks", project / "notebooks", ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    shutil.copytree(outputs / "xiaomi11", project / "outputs" / "xiaomi11")
    monkeypatch.delenv("FUPAN_OUTPUTS", raising=False)
    monkeypatch.chdir(project / place)

    assert results()["OUT"] == project / "outputs"


def test_from_any_other_working_directory_the_outputs_are_the_projects(
    outputs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = tmp_path / "project"
    shutil.copytree(ROOT / "notebooks", project / "notebooks", ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    shutil.copytree(outputs / "xiaomi11", project / "outputs" / "xiaomi11")
    monkeypatch.delenv("FUPAN_OUTPUTS", raising=False)
    monkeypatch.setattr(pipeline, "__file__", str(project / "pipeline" / "__init__.py"))
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")

    assert results()["OUT"] == project / "outputs"


def test_one_article_alone_cannot_be_compared(
    outputs: Path, private: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = tmp_path / "alone"
    shutil.copytree(outputs / "xiaomi11", alone / "xiaomi11")
    monkeypatch.setenv("FUPAN_OUTPUTS", str(alone))
    notebook = load(COMPARE)

    with pytest.raises(CellExecutionError):
        execute(notebook, tmp_path / "elsewhere")

    (cell,) = [cell for cell in notebook.cells if cell.id == "load"]
    (error,) = cell.outputs
    (line,) = error.traceback
    assert "make analyze INPUT=" in line


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


def test_they_share_their_first_cells() -> None:
    """What finds the results and sets the style is one text three times, for a notebook cannot import a neighbour."""
    first = [[cell for cell in load(path.name).cells if cell.cell_type == "code"][:3] for path in NOTEBOOKS]
    assert [[cell.id for cell in cells] for cells in first] == [["article", "results", "style"]] * len(NOTEBOOKS)
    assert len({(results.source, style.source) for _, results, style in first}) == 1


def test_every_notebook_is_listed() -> None:
    listed = re.findall(r"\]\((\w+\.ipynb)\)", (ROOT / "notebooks" / "README.md").read_text(encoding="utf-8"))
    assert listed == [path.name for path in NOTEBOOKS] == list(SHOWS)
