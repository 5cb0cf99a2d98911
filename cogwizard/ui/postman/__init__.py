"""The checklist of Postman's OAuth 2.0 tab inside the wizard: its screens, the export, the check of a collection."""
