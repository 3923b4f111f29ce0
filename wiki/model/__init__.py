"""The model: what is true about guidelines, in pure Python.

Nothing here knows Flask, SQL, git or the clock; what is needed is passed in. Called by every other room;
calls none of them. Read in this order: `names`, `acts`, `proposal`, `policy`, `decide`.
"""
