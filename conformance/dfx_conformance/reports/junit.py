"""The report as JUnit XML, which CI systems display."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET  # only written, never read

from dfx_conformance.reports.text import failure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dfx_conformance.report import Report, Result

_NO_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(reports: Sequence[Report]) -> str:
    """Write one suite a subject; a broken SHOULD and what is unsupported are skipped tests."""
    root = ET.Element("testsuites", name="dfx-conformance")
    for report in reports:
        suite = ET.SubElement(
            root,
            "testsuite",
            name=report["subject"],
            tests=str(report["total"]),
            failures=str(report["failed"] + report["xpassed"]),
            skipped=str(report["unsupported"] + report["warned"] + report["xfailed"]),
            errors=str(report["crashed"]),
            timestamp=report["started"],
        )
        for result in report["results"]:
            _case(suite, result)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _case(suite: ET.Element, result: Result) -> None:
    case = ET.SubElement(
        suite, "testcase", classname=result["profile"] or "rule", name=result["id"], time="0"
    )
    properties = ET.SubElement(case, "properties")
    for rule in result["rules"]:
        ET.SubElement(properties, "property", name="rule", value=rule)
    text = _clean(failure(result))
    message = _clean("; ".join(one["said"] for one in result["problems"]) or result["reason"] or "")
    if result["verdict"] == "crashed":
        ET.SubElement(case, "error", message=message, type="crashed").text = text
    elif result["verdict"] in {"failed", "xpassed"}:
        ET.SubElement(case, "failure", message=message, type=result["verdict"]).text = text
    elif result["verdict"] != "passed":
        skipped = f"{result['verdict']}: {message}"
        ET.SubElement(case, "skipped", message=skipped).text = text


def _clean(text: str) -> str:
    """Write out what XML cannot hold."""
    return _NO_XML.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
