"""Postman's files: collections and environments read and written, without AWS, network and judgement."""
