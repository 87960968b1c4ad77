"""What is answered where something of ours fails, or of the system that it runs on."""

from bylaw.checkpoint.calls import Answer, Item


def malfunction(policy: str, reasons: "list[str]", items: "tuple[Item, ...]") -> Answer:
    """Return what is answered where something of ours has failed."""
    told = "; ".join(" ".join(reason.split()) for reason in reasons)
    said = (
        f"bylaw could not check this: {told}.\n"
        "What it might break is not known; `bylaw check` says, and CI decides."
    )
    items = (*items, *(Item("", "malfunction", reason) for reason in reasons))
    if policy == "allow":
        return Answer("allow", "", said, items)
    return Answer("deny" if policy == "deny" else "ask", said, None, items)


def said_of(error: BaseException) -> str:
    """Return what has failed, in one line without a traceback."""
    if isinstance(error, OSError) and error.filename is not None:
        return f"`{str(error.filename)[:200]}` cannot be used: {reason_of(error)}"
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f" at {trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}" if trace else ""
    reason = " ".join(f"{type(error).__name__}: {error}".split())[:300]
    return f"bylaw itself has failed{place}: {reason}"


def reason_of(error: OSError) -> str:
    """Return why the system refuses something, as a clause."""
    return (error.strerror or type(error).__name__).lower()
