"""What helps to write an ADR, in the page and in editors: pure functions over linked decisions.

Lines and columns count from 0, columns in code points, of the text as `bylaw.source` has it: line
feeds only, no byte order mark. Who speaks to a program that counts otherwise converts.
"""
