"""The local page: a server on the loopback interface that only its starter can talk to.

`running` listens and ends, `app` joins the routes, `security` refuses strangers, `state` keeps the
one thread that owns the workspace, `watching` and `events` tell pages what has changed.
"""
