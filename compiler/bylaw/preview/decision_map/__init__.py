"""How decisions hang together: their graph, the paths they govern, and what is waived until when.

`whole` is the way in: a `DecisionMap` of linked decisions answers with a view and the HTML of it,
for the server and the static site alike. `graph`, `sheets`, `layout` and `drawing` make the graph;
`governed`, `folders` and `unenforced` say what governs which path, and what nothing enforces;
`waivers` sorts debts by the day on which they fall due. `focus` is what of a view is looked at.
"""
