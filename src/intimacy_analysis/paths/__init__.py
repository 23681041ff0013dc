"""Path models: covariance and mean structures of observed and latent variables."""
