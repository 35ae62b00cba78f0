"""Foreign keys, templates and URL names make no import; the same order holds for them."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver

from tests.architecture.order import PACKAGE, lines, may_use, name, package_of, packages, sources

USES_TEMPLATE = re.compile(r"""{%-?\s*(?:include|extends)\s+["']([^"']+)["']""")
USES_URL = re.compile(r"""{%-?\s*url\s+["']([^"']+)["']""")
LOADS = re.compile(r"{%-?\s*load\s+([^%]+?)\s*-?%}")


def test_every_package_stands_on_a_line():
    assert set(packages()) <= frozenset().union(*lines())


def test_foreign_keys_lead_down():
    wrong = [
        f"{model._meta.label}.{field.name} leads to {field.related_model._meta.label}"
        for model in apps.get_models(include_auto_created=True)
        if model.__module__.startswith("guantong.") and ".tests." not in model.__module__
        for field in [*model._meta.fields, *model._meta.many_to_many]
        if field.related_model is not None
        and field.related_model.__module__.startswith("guantong.")
        and not may_use(owner(model.__module__), owner(field.related_model.__module__))
    ]
    assert wrong == []


def owner(module: str) -> str:
    """Return the package of a module of the project."""
    return module.split(".")[1]


def template_owner(template: str) -> str | None:
    """Return the package whose folder holds a template; None for Django's own."""
    found = sorted(PACKAGE.glob(f"*/templates/{template}"))
    assert len(found) < 2, f"two packages have a template {template}"
    return package_of(found[0]) if found else None


def calls(path: Path) -> Iterator[tuple[str, str]]:
    """Yield (function, first literal text) for each call in a module."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        function = node.func.attr if isinstance(node.func, ast.Attribute) else None
        function = node.func.id if isinstance(node.func, ast.Name) else function
        for argument in node.args[:2]:
            if function and isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                yield function, argument.value


def test_templates_build_on_templates_below():
    used = [
        (path, template)
        for path in sources("*.html")
        for template in USES_TEMPLATE.findall(path.read_text("utf-8"))
    ] + [
        (path, text)
        for path in sources("*.py")
        for function, text in calls(path)
        if function in ("render", "render_to_string", "get_template", "TemplateResponse")
        and text.endswith(".html")
    ]
    wrong = []
    for path, template in used:
        of = template_owner(template)
        if of is None:
            wrong.append(f"{name(path)} uses {template}, which does not exist")
        elif not may_use(package_of(path), of):
            wrong.append(f"{name(path)} uses {template} of {of}, which does not stand below it")
    assert wrong == []


def test_template_tags_come_from_below():
    libraries = {path.stem: package_of(path) for path in PACKAGE.glob("*/templatetags/[a-z]*.py")}
    wrong = [
        f"{name(path)} loads {library} of {libraries[library]}, which does not stand below it"
        for path in sources("*.html")
        for loaded in LOADS.findall(path.read_text("utf-8"))
        for library in loaded.split(" from ")[-1].split()
        if library in libraries and not may_use(package_of(path), libraries[library])
    ]
    assert wrong == []


def url_owners(resolver: URLResolver, space: str = "") -> Iterator[tuple[str, str]]:
    """Yield (name, package) for each named URL; other people's views count as the lowest."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from url_owners(pattern, inner)
        elif isinstance(pattern, URLPattern) and pattern.name:
            view = getattr(pattern.callback, "view_class", pattern.callback)
            module = getattr(view, "__module__", "")
            yield f"{space}{pattern.name}", owner(module) if module.startswith("guantong.") else ""


def test_url_names_lead_down():
    owners = dict(url_owners(get_resolver()))
    used = [
        (path, url)
        for path in sources("*.html")
        for url in USES_URL.findall(path.read_text("utf-8"))
    ] + [
        (path, text)
        for path in sources("*.py")
        for function, text in calls(path)
        if function in ("reverse", "reverse_lazy")
    ]
    wrong = []
    for path, url in used:
        if url not in owners:
            wrong.append(f"{name(path)} names the URL {url}, which does not exist")
        elif owners[url] and not may_use(package_of(path), owners[url]):
            wrong.append(f"{name(path)} names the URL {url} of {owners[url]}, not below it")
    assert wrong == []
