"""Parse trees to nodes: the only code that reads the tree."""

from bylaw import ir
from bylaw.adr.markdown import Document
from bylaw.adr.sections import read_items
from bylaw.diagnostics import Report


def lower_document(
    document: Document, decision_id: str, report: Report
) -> tuple[ir.Statement, ...]:
    """Return the statements of a document's binding sections, in the order read."""
    del decision_id  # ids are the decision's own; whoever names them from outside joins the two
    items = read_items(document, report)
    if not items:
        return ()
    # Most documents bind nothing, and Lark takes longer to import than they take to read.
    from bylaw.lower.items import lower_items  # noqa: PLC0415

    return lower_items(items, report)
