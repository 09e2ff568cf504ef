"""The whole service on one machine, configured by the template that deploys it; never deployed itself."""
