"""The one catalogue that all tables stand in."""

import sqlalchemy as sa

metadata = sa.MetaData()
