import """a.mg"""
