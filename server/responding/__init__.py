"""Stage four: the answer, written from delimited results."""
