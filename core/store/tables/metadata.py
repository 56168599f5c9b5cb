"""The one catalogue that all tables stand in, and the kinds of their columns.

A kind means the same in every database: whole numbers have 64 bits, and texts are compared by their
characters' codes, whatever language a server was set up for.
"""

import sqlalchemy as sa

metadata = sa.MetaData()

NAME = sa.String().with_variant(sa.String(collation="C"), "postgresql")
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
