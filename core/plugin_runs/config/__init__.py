"""A plugin's config: JSON text that is checked, edited and compared, and sent as it stands.

Holds mistakes with their place, and a form over the text; refuses to rewrite what nobody edited.
"""
