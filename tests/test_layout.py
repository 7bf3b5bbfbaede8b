"""The walls: every stage exists, says what it is for, and imports only what it may."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from articles.pipeline import STAGES

ARTICLES = Path(__file__).resolve().parent.parent / "articles"
ROOT = ARTICLES.parent
PURE = ("fetch", "parse", "clean", "tag", "group", "rank")
COMMON = {"articles.records", "articles.errors", "articles.folding"}
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def place(stage: str) -> Path:
    folder = ARTICLES / stage
    return folder / "__init__.py" if folder.is_dir() else ARTICLES / f"{stage}.py"


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide where a name comes from"
            yield node.module or ""


@pytest.mark.parametrize("stage", [name for name, _ in STAGES])
def test_every_stage_exists(stage: str) -> None:
    assert place(stage).is_file()


@pytest.mark.parametrize("stage", [name for name, _ in STAGES])
def test_every_stage_says_in_the_docs_what_it_does(stage: str) -> None:
    assert re.search(rf"\b{stage}\b", (ROOT / "docs" / "architecture.md").read_text())


@pytest.mark.parametrize("stage", PURE)
def test_pure_stages_know_neither_django_nor_each_other(stage: str) -> None:
    for path in sorted((ARTICLES / stage).rglob("*.py")):
        for module in imports(path):
            top = module.split(".")[0]
            assert top not in {"django", "celery", "aggregator", "readers"}, f"{path} imports {module}"
            if top == "articles":
                allowed = module in COMMON or module == f"articles.{stage}" or module.startswith(f"articles.{stage}.")
                assert allowed, f"{path} imports {module}"


def test_every_module_says_why_it_exists() -> None:
    silent = [
        path.relative_to(ROOT)
        for folder in ("aggregator", "articles", "readers")
        for path in (ROOT / folder).rglob("*.py")
        if "migrations" not in path.parts and path.name not in {"__init__.py", "apps.py"}
        if not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert silent == []


def test_articles_never_imports_readers() -> None:
    for path in ARTICLES.rglob("*.py"):
        assert not [module for module in imports(path) if module.split(".")[0] == "readers"], path


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_template_trusts_foreign_markup(template: Path) -> None:
    text = template.read_text()
    assert "|safe" not in text
    assert "autoescape off" not in text


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_template_has_inline_style_or_script(template: Path) -> None:
    text = template.read_text()
    assert not re.search(r"\sstyle\s*=|<style[\s>]|\son[a-z]+\s*=|javascript:", text)
    for script in re.findall(r"<script\b[^>]*>", text):
        assert "src=" in script or 'type="application/ld+json"' in script, script
