"""Two tables of the example shop in Django's own HTML admin: enough to see its history pages."""
