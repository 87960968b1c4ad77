"""The checkpoint: what an agent is about to do, judged before it is done."""
