"""What matters: what an answer hangs on, what each factor does in paired worlds, and which sentences the model uses.

Nothing is brought in here: what is asked, and how widely, can be read without waiting for JAX.
"""
