"""Where things stand on the server: `Links` for its pages."""

from urllib.parse import quote, urlencode


class Addresses:
    """The addresses of the live page, from the server's root."""

    def static(self, name: str) -> str:
        """Return the address of a file of `static`."""
        return f"/static/{quote(name)}"

    def home(self) -> str:
        """Return the address of the list of decisions."""
        return "/"

    def decision(self, decision: str, anchor: str = "") -> str:
        """Return the address of a decision's workbench, by its id or by its file's path."""
        return f"/decisions/{quote(decision, safe='/')}{_fragment(anchor)}"

    def constraint(self, full_id: str) -> str:
        """Return the address that leads to a constraint in its decision."""
        return f"/constraints/{quote(full_id, safe='/')}"

    def impact(self, decision: str, folder: str = "") -> str:
        """Return the address of what a decision would break, in a folder of the tree."""
        return f"/impact/{quote(decision, safe='/')}{_query(folder=folder)}"

    def map(self, view: str = "graph", focus: str = "") -> str:
        """Return the address of a view of the map."""
        return f"/map{_query(view=view, focus=focus)}"


def _query(**values: str) -> str:
    given = {name: value for name, value in values.items() if value}
    return f"?{urlencode(given)}" if given else ""


def _fragment(anchor: str) -> str:
    return f"#{quote(anchor)}" if anchor else ""
