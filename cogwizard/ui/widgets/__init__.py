"""What the screens are made of. Nothing here knows of AWS; all foreign text is shown as it is, never as markup."""
