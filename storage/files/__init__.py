"""Files beside the storage: drafts."""
