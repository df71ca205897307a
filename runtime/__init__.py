"""What a person holds after compiling: models, functions, optimisers and training."""
