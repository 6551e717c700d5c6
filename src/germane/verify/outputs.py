"""What the model's logits are of, by their places."""

OUTPUTS = ("relevant", "near_miss", "off_topic", "same", "supports")
"""The first three exclude each other: what the passage is to the query. The last two stand alone: do both say
the same, and does the passage support the query, a claim or a yes/no question."""
RELEVANT, NEAR_MISS, OFF_TOPIC, SAME, SUPPORTS = range(5)
