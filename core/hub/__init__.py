"""A local Ango Hub in a process of its own: REST under `/v2`, Socket.IO on `/plugin`."""
