"""The whole service on one machine, driven by the same template that deploys it; never deployed itself."""
