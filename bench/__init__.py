"""What the program costs: each budget beside its ceiling, its peer measured in the same run."""
