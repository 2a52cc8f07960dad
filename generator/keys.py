"""How changes and what depends on them are written: `table` (any row of it), `table=5` (one row); and in the journal
`table+` (new rows), `table*` (rows that cannot be told), `table~` (rows, in columns that their own page does not
show), `*` (everything)."""

NEW, ALL, APART = "+", "*", "~"


def row_key(table: str, pk: object) -> str:
    return f"{table}={pk}"
