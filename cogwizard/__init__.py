"""cogwizard: names the one cause of a 401 from API Gateway with a Cognito authorizer, and proves it."""

__version__ = "0.1.0"
