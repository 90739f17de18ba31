"""Reports are whole, well-formed, and show what came, whatever that was."""

import json
import re
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest

from dfx_conformance import RULES, Subject, reports, run

from .conftest import good, refused, vector

HOSTILE = "</script><img src=x onerror=alert(1)>&\x00\x0b\ud800"
VOID = {"meta", "input", "br", "img", "link", "hr"}


def hostile(body):
    return [{**order, "status": HOSTILE} for order in good(body)]


@pytest.fixture
def both(vectors):
    """Reports of a good and of a hostile subject."""
    made = vectors(vector(), refused(), vector(id="margin/1", capability="exact-numbers"))
    return [
        run(Subject(name, parse), None, made)
        for name, parse in (("good <b>", good), ("hostile & co", hostile))
    ]


@pytest.fixture
def written(both, tmp_path):
    def _written(name):
        file = tmp_path / name
        reports.write(both, file)
        return file.read_text(encoding="utf-8")

    return _written


def test_json_has_the_counts_and_is_whole(written):
    report = json.loads(written("r.json"))
    assert list(report)[-1] == "complete"
    assert (report["ok"], len(report["reports"])) == (False, 2)
    for one in report["reports"]:
        assert one["total"] == len(one["results"])
        counted = ("passed", "failed", "warned", "xfailed", "xpassed", "unsupported")
        assert sum(one[name] for name in counted) == one["total"]
        assert one["ran"] == one["total"] - one["unsupported"]
        assert list(one)[-1] == "complete"
        for result in one["results"]:
            assert result["again"].startswith("dfx-conformance run ")
            assert {"id", "rules", "level", "verdict", "source", "input", "got"} <= set(result)


def test_nothing_half_written_is_left(both, tmp_path, mocker):
    file = tmp_path / "r.json"
    file.write_text("before", encoding="utf-8")
    mocker.patch("pathlib.Path.write_bytes", side_effect=OSError("disk full"))
    with pytest.raises(OSError, match="disk full"):
        reports.write(both, file)
    assert file.read_text(encoding="utf-8") == "before"


def test_an_unknown_ending_is_refused(both, tmp_path):
    with pytest.raises(reports.UnknownFormat, match=r"ends in one of \.json, \.md, \.html, \.xml"):
        reports.write(both, tmp_path / "r.pdf")


def test_junit_is_well_formed_and_counts_right(written):
    root = ET.fromstring(written("r.xml"))  # noqa: S314  # our own
    good_suite, bad_suite = root.findall("testsuite")
    assert good_suite.get("failures") == "0"
    for suite in (good_suite, bad_suite):
        cases = suite.findall("testcase")
        assert suite.get("tests") == str(len(cases))
        assert suite.get("failures") == str(len(suite.findall("testcase/failure")))
        assert suite.get("skipped") == str(len(suite.findall("testcase/skipped")))
    failed = bad_suite.find("testcase[@name='spot/partial-canceled-1']")
    assert "MAP-003 MUST" in failed.find("failure").text
    rules = [one.get("value") for one in failed.findall("properties/property")]
    assert rules == ["MAP-003", "MAP-014", "MAP-020"]


class Page(HTMLParser):
    """Reads a page: which elements, whether they are closed, what a script holds."""

    def __init__(self, text):
        super().__init__()
        self.open, self.seen, self.data = [], [], {}
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop()[0] == tag

    def handle_data(self, data):
        if self.open and "id" in self.open[-1][1]:
            self.data[self.open[-1][1]["id"]] = data

    def all(self, tag, **attrs):
        return [has for name, has in self.seen if name == tag and attrs.items() <= has.items()]


@pytest.fixture
def page(written):
    return Page(written("r.html"))


def test_the_page_is_well_formed(page):
    assert page.open == []
    ids = [has["id"] for _, has in page.seen if "id" in has]
    assert len(ids) == len(set(ids))


def test_the_page_needs_nothing_else(written):
    text = written("r.html")
    assert not re.search(
        r"https?://", re.sub(r'(?s)<script type="application/json".*?</script>', "", text)
    )
    assert not re.search(r"<(link|img|iframe)\b|@import|url\(", text)


def test_nothing_of_a_report_becomes_html(page):
    assert page.all("img") == []
    assert page.all("b") == []
    assert len(page.all("script")) == 2


def test_the_matrix_has_a_cell_for_every_rule_and_subject(page):
    rows = [has for has in page.all("tr") if has.get("class") == "rule"]
    assert len(rows) == len(RULES)
    (cell,) = page.all("button", **{"data-rule": "MAP-003", "data-subject": "1"})
    assert cell["class"] == "mark failed"
    assert cell["aria-label"] == "MAP-003, hostile & co: broken, 1 cases"
    (cell,) = page.all("button", **{"data-rule": "MAP-003", "data-subject": "0"})
    assert cell["class"] == "mark passed"


def test_a_cell_has_its_failure(page):
    data = json.loads(page.data["data"])
    assert [one["name"] for one in data["subjects"]] == ["good <b>", "hostile & co"]
    results = {one["id"]: one for one in data["subjects"][1]["results"]}
    failed = results["spot/partial-canceled-1"]
    assert failed["problems"][0]["rule"] == "MAP-003"
    assert failed["again"].endswith("--vector spot/partial-canceled-1")
    assert '"order_id":"a1"' in failed["input"]


def test_markdown_has_a_row_for_every_broken_rule(written):
    text = written("r.md")
    assert "## good <b>" in text
    assert (
        "| MAP-003 | MUST | status 3 and 4 are canceled | 1 | 1 | spot/partial-canceled-1 |" in text
    )
    assert "again     dfx-conformance run MODULE:SUBJECT --vector spot/partial-canceled-1" in text


def test_the_terminal_shows_failures_and_counts(both):
    assert reports.failures(both[0]) == ""
    assert "FAILED spot/partial-canceled-1" in reports.failures(both[1])
    lines = reports.counts(both).splitlines()
    assert lines[0].startswith("good <b>: conforms; ")
    assert "hostile & co: does not conform, breaks 2 MUST rules" in lines[1]
