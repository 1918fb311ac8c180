"""Templates: checked when read, exact about what they are given, safe about what it holds."""

import json
from dataclasses import fields
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from services.notifications.errors import TemplateRefused
from services.notifications.rendering import (
    Category,
    Template,
    Templates,
    long_date,
    long_instant,
    shipped,
    words,
)
from services.notifications.subscriptions import OCCASIONS

EVENTS = {cls.source.name: {item.name for item in fields(cls)} for cls in OCCASIONS}
EXAMPLES = {
    "member.admitted": {
        "member_id": "0193b7a0-5a3c-7b21-9c0e-2f6f0c9d1a11",
        "grade": "trainee",
        "profession": "dental_nurse",
        "admitted_on": "2026-11-04",
    },
    "application.submitted": {
        "application_id": "0193b7a0-6c11-7d52-8a41-51a2b7d3e0c4",
        "member_id": "0193b7a0-5a3c-7b21-9c0e-2f6f0c9d1a11",
        "submitted_at": "2026-11-05T09:30:00+00:00",
    },
}
NAMES = {"given_name": "Nia", "family_name": "Probert"}
SHIPPED = list(shipped())


def rendered(template: Template, **names: str) -> Any:
    return template.render({**template.select(EXAMPLES[template.event]), **NAMES, **names})


class Outline(HTMLParser):
    """What a screen reader depends on, and all text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: dict[str, dict[str, str | None]] = {}
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes[tag] = dict(attrs)

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("template", SHIPPED, ids=lambda t: f"{t.name}-v{t.version}")
def test_shipped_template_renders_from_its_events_example(template: Template) -> None:
    """Subject, text and HTML come out complete, and both bodies say the same values."""
    result = rendered(template)
    assert result.subject and "\n" not in result.subject
    for body in (result.text, Outline(result.html).text):
        assert "Nia Probert" in body
        assert "{{" not in body
        for value in (words("dental_nurse"), "4 November 2026"):
            assert (value in body) == (template.event == "member.admitted")


@pytest.mark.parametrize("template", SHIPPED, ids=lambda t: f"{t.name}-v{t.version}")
def test_shipped_html_is_accessible(template: Template) -> None:
    """Language, title and exactly one main heading are there, and nothing is fetched."""
    html = rendered(template).html
    outline = Outline(html)
    assert outline.attributes["html"]["lang"] == "en-GB"
    assert outline.tags.count("h1") == 1
    assert "title" in outline.tags and "main" in outline.tags
    assert not {"img", "script", "link", "iframe"} & set(outline.tags)


@pytest.mark.parametrize("template", SHIPPED, ids=lambda t: f"{t.name}-v{t.version}")
def test_shipped_html_has_enough_contrast(template: Template) -> None:
    """Every text colour stands out from white by at least 7 to 1 (WCAG 2, AAA)."""
    html = rendered(template).html
    colours = {part.split(";")[0] for part in html.replace('"', ";").split(" color: ")[1:]}
    assert colours
    for colour in colours:
        assert 1.05 / (luminance(colour) + 0.05) >= 7, colour


def luminance(colour: str) -> float:
    """Relative luminance, https://www.w3.org/TR/WCAG22/#dfn-relative-luminance."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("template", SHIPPED, ids=lambda t: f"{t.name}-v{t.version}")
def test_every_shipped_template_is_mandatory_for_now(template: Template) -> None:
    """Nothing that needs consent is sent before consent is known."""
    assert template.category is Category.MANDATORY


@pytest.mark.parametrize("template", SHIPPED, ids=lambda t: f"{t.name}-v{t.version}")
def test_missing_placeholder_is_refused(template: Template) -> None:
    """No message goes out with a hole in it, whichever value is missing."""
    values = {**template.select(EXAMPLES[template.event]), **NAMES}
    for name in values:
        with pytest.raises(TemplateRefused) as caught:
            template.render({key: value for key, value in values.items() if key != name})
        assert caught.value.details == {"missing": [name]}


def test_extra_placeholder_is_refused() -> None:
    """A value that the template does not name points to a mistake."""
    with pytest.raises(TemplateRefused) as caught:
        rendered(SHIPPED[0], email="nia@example.org")
    assert caught.value.details == {"extra": ["email"]}


def test_event_without_a_wanted_field_is_refused() -> None:
    """Queueing fails, and not the sending, when the event cannot fill the template."""
    welcome = Templates(SHIPPED).latest("welcome")
    with pytest.raises(TemplateRefused) as caught:
        welcome.select({"member_id": "1", "grade": "trainee", "profession": "doctor"})
    assert caught.value.details == {"missing": ["admitted_on"]}


def test_names_are_escaped_in_html_only() -> None:
    """A name cannot become markup, and plain text shows it as it is."""
    result = rendered(
        Templates(SHIPPED).latest("welcome"), given_name='<b onclick="x">Nia</b>', family_name="O'D"
    )
    assert "<b onclick" not in result.html
    assert "&lt;b onclick=&#34;x&#34;&gt;Nia&lt;/b&gt; O&#39;D" in result.html
    assert '<b onclick="x">Nia</b> O\'D' in result.text


def test_a_name_is_not_a_template() -> None:
    """Braces in a name are text, never evaluated."""
    result = rendered(Templates(SHIPPED).latest("welcome"), given_name="{{ 7 * 7 }}")
    assert "{{ 7 * 7 }}" in result.text
    assert "49" not in result.subject


def test_value_that_no_filter_understands_is_refused_without_being_told() -> None:
    """An error about a value does not carry the value."""
    welcome = Templates(SHIPPED).latest("welcome")
    values = {**welcome.select(EXAMPLES["member.admitted"]), **NAMES, "admitted_on": "Nia's day"}
    with pytest.raises(TemplateRefused) as caught:
        welcome.render(values)
    assert "Nia" not in str(caught.value)


def test_latest_is_the_highest_number_and_old_versions_stay(tmp_path: Path) -> None:
    """Version 10 follows 9, and a message queued with version 2 is sent with version 2."""
    for version in (2, 9, 10):
        write(tmp_path, version=f"v{version}", subject=f"{version} {{{{ given_name }}}}")
    templates = Templates.load(tmp_path, EVENTS)
    assert templates.latest("sample").version == 10
    assert templates.get("sample", 2).render({"given_name": "Nia"}).subject == "2 Nia"


def test_unknown_template_is_refused() -> None:
    """Neither a name nor a version that is not there gives anything."""
    with pytest.raises(TemplateRefused):
        Templates(SHIPPED).latest("goodbye")
    with pytest.raises(TemplateRefused):
        Templates(SHIPPED).get("welcome", 99)


GOOD = {"event": "member.admitted", "category": "mandatory", "placeholders": ["given_name"]}


def write(directory: Path, *, version: str = "v1", meta: Any = GOOD, **parts: str) -> None:
    folder = directory / "sample" / version
    folder.mkdir(parents=True)
    (folder / "meta.json").write_text(json.dumps(meta))
    (folder / "subject.txt").write_text(parts.get("subject", "For {{ given_name }}"))
    (folder / "body.txt").write_text(parts.get("text", "Hello"))
    (folder / "body.html").write_text(parts.get("html", "<p>Hello</p>"))


@pytest.mark.parametrize(
    ("change", "parts", "says"),
    [
        ({}, {"text": "{{ grade }}"}, "not those declared"),
        ({"placeholders": ["given_name", "grade"]}, {}, "not those declared"),
        ({"placeholders": ["given_name", "salary"]}, {"text": "{{ salary }}"}, "nothing fills"),
        ({"event": "member.lapsed"}, {}, "no event member.lapsed"),
        ({"category": "marketing"}, {}, "category"),
        ({"colour": "blue"}, {}, "meta.json"),
        ({}, {"text": "{{ given_name"}, "sample/v1"),
        ({}, {"html": "{{ given_name | shout }}"}, "sample/v1"),
    ],
)
def test_unsound_template_stops_the_start(
    tmp_path: Path, change: dict[str, Any], parts: dict[str, str], says: str
) -> None:
    """What a template declares, uses and can be given must agree before anything is sent."""
    write(tmp_path, meta={**GOOD, **change}, **parts)
    with pytest.raises(TemplateRefused, match=says):
        Templates.load(tmp_path, EVENTS)


@pytest.mark.parametrize("version", ["1", "v0", "v01", "draft"])
def test_version_folder_has_a_number(tmp_path: Path, version: str) -> None:
    """Folders are v1, v2 and so on, so that the latest is never a matter of opinion."""
    write(tmp_path, version=version)
    with pytest.raises(TemplateRefused, match="folder"):
        Templates.load(tmp_path, EVENTS)


def test_missing_part_stops_the_start(tmp_path: Path) -> None:
    """Text and HTML are both there or the template is not sound."""
    write(tmp_path)
    (tmp_path / "sample" / "v1" / "body.html").unlink()
    with pytest.raises(TemplateRefused, match="sample/v1"):
        Templates.load(tmp_path, EVENTS)


def test_template_cannot_print_an_address(tmp_path: Path) -> None:
    """What is said about a person's contact is the name alone."""
    write(tmp_path, meta={**GOOD, "placeholders": ["given_name", "email"]}, text="{{ email }}")
    with pytest.raises(TemplateRefused, match="nothing fills"):
        Templates.load(tmp_path, EVENTS)


def test_filters_write_for_people() -> None:
    """Codes, dates and instants come out as British readers write them."""
    assert words("anaesthesia_associate") == "Anaesthesia associate"
    assert long_date("2028-02-29") == "29 February 2028"
    assert long_instant("2026-06-30T23:30:00-01:00") == "1 July 2026 at 00:30 UTC"
