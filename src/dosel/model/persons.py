"""Columns that name a person: they are not taken in, whoever sends them (nobody is followed here)."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_WHOSE: Final = (
    r"titular|holder|owner|propietari[oa]|proprietari[oa]|dono|dueno|concesionari[oa]|concessionari[oa]"
    r"|posesionari[oa]|posseir[oa]|solicitante|requerente|denunciante|denunciad[oa]|infractor|infrator"
    r"|autuad[oa]|investigad[oa]|piloto|pilot|applicant|offender|person|persona|pessoa|rep_?legal"
    r"|representante(_legal)?|conductor|operador|operator"
)
_NUMBER: Final = r"dni|ruc|cpf|cnpj|rg|passport|pasaporte|celular|telefono|telefone|phone|e_?mail|correo"
_KIND: Final = re.compile(r"_(tipo|type|kind|clase|class)$|^(tipo|type|kind|clase|class)_")
_PERSON: Final = re.compile(rf"(^|_)({_WHOSE}|{_NUMBER})(es|s)?(_|$)|^tit_?conces\w*$")


def names_person(column: str) -> bool:
    """Return whether a column is named like one that holds a person, or the number of one.

    What kind a holder is (a company, a community) says nothing of a person.

    Examples
    --------
    >>> [names_person(one) for one in ("TITULAR", "NOM_TITULAR", "CPF_CNPJ", "Nome do proprietário")]
    [True, True, True, True]
    >>> [names_person(one) for one in ("TITULAR_TIPO", "holder_kind", "NOMBRE", "name", "area_ha")]
    [False, False, False, False, False]
    """
    split = unicodedata.normalize("NFKD", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", column))
    word = re.sub(r"[^a-z0-9]+", "_", "".join(c for c in split if not unicodedata.combining(c)).lower())
    return bool(_PERSON.search(word.strip("_"))) and not _KIND.search(word.strip("_"))
