"""The warning that rows were rejected."""


class RejectedRows(UserWarning):
    """Some rows are no sites: how many, and why the first is none. `warnings.simplefilter("error", siteband.RejectedRows)` makes it an error."""
