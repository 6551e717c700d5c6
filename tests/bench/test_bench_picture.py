"""The README's picture: drawn from a real search, and readable."""

from __future__ import annotations

from importlib.util import module_from_spec, spec_from_file_location
from itertools import product
from pathlib import Path
from types import ModuleType

import pytest

from germane.index import Index
from germane.types import Evidence

SCRIPT = Path(__file__).parents[2] / "benchmarks/picture.py"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = spec_from_file_location("picture", SCRIPT)
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def found(built: Path) -> Evidence:
    with Index.open(built) as index:
        return index.search("export the contacts", 100)


def test_labels_stand_clear_of_the_bars_and_of_the_edge(script: ModuleType, found: Evidence) -> None:
    figure, axes = script.plt.subplots(figsize=(5, 2.5))
    script.column(axes, [*found.results, *found.rejected], "by germane", ("guide.md",), verified=True)
    figure.canvas.draw()
    bars, labels = axes.patches, axes.texts
    assert len(bars) == len(labels) > 1
    boxes = [label.get_window_extent() for label in labels]
    assert not any(box.overlaps(bar.get_window_extent()) for box, bar in product(boxes, bars))
    assert not any(box.overlaps(other) for box, other in product(boxes, boxes) if box is not other)
    script.plt.close(figure)


def test_the_picture_is_drawn(script: ModuleType, found: Evidence, tmp_path: Path) -> None:
    script.draw("export the contacts", ("guide.md",), found, tmp_path / "docs/picture.png")
    assert (tmp_path / "docs/picture.png").read_bytes().startswith(b"\x89PNG")
    with pytest.raises(SystemExit, match="nothing was found"):
        script.draw("x", (), Evidence(found.query), tmp_path / "none.png")
