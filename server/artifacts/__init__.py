"""Stored files and the media in them: everything is verified before it gets a name."""
