"""The only users of boto3: reads of the model, run; and how their failures are told."""
