"""Say how a researcher names what measures a construct of a claim."""

from __future__ import annotations


def how_to_name(construct: str) -> str:
    """Return the sentence that ends a refusal: scale, option of the command, argument in Python.

    Args:
        construct: Name of the construct in the claim.
    """
    return (
        f"Describe its items as [scales.{construct}] in the codebook, or name the one that "
        f'measures it: --variable {construct}=NAME, in Python variables={{"{construct}": "NAME"}}, '
        f'in a study file variables.{construct} = "NAME".'
    )
