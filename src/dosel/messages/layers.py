"""What the reference layers say, in Spanish, Portuguese and English."""

from __future__ import annotations

from typing import Final

LAYERS: Final[dict[str, dict[str, str]]] = {
    "layers.new": {
        "es": "{name}: nueva, versión {version}, {units} unidades",
        "pt": "{name}: nova, versão {version}, {units} unidades",
        "en": "{name}: new, version {version}, {units} units",
    },
    "layers.updated": {
        "es": "{name}: actualizada, versión {version}, {units} unidades; la versión anterior se conserva",
        "pt": "{name}: atualizada, versão {version}, {units} unidades; a versão anterior é mantida",
        "en": "{name}: updated, version {version}, {units} units; the earlier version is kept",
    },
    "layers.same": {
        "es": "{name}: sin cambios, versión {version}, {units} unidades",
        "pt": "{name}: sem mudanças, versão {version}, {units} unidades",
        "en": "{name}: unchanged, version {version}, {units} units",
    },
    "layers.missing": {
        "es": "{name}: falta, y así queda anotada; lo que dependa de ella no se evalúa",
        "pt": "{name}: falta, e assim fica anotada; o que depender dela não é avaliado",
        "en": "{name}: missing, and noted as such; what depends on it is not evaluated",
    },
    "layers.units.added": {
        "es": "unidades nuevas: {count} ({names})",
        "pt": "unidades novas: {count} ({names})",
        "en": "units added: {count} ({names})",
    },
    "layers.units.removed": {
        "es": "unidades retiradas: {count} ({names})",
        "pt": "unidades retiradas: {count} ({names})",
        "en": "units removed: {count} ({names})",
    },
    "layers.units.changed": {
        "es": "unidades cambiadas: {count} ({names})",
        "pt": "unidades alteradas: {count} ({names})",
        "en": "units changed: {count} ({names})",
    },
    "layers.more": {"es": "y {count} más", "pt": "e mais {count}", "en": "and {count} more"},
    "layers.problem.no-geometry": {
        "es": "sin geometría en el archivo, quedan fuera: {count}",
        "pt": "sem geometria no arquivo, ficam de fora: {count}",
        "en": "without geometry in the file, left out: {count}",
    },
    "layers.problem.repaired": {
        "es": "geometría reparada: {count}",
        "pt": "geometria reparada: {count}",
        "en": "geometry repaired: {count}",
    },
    "layers.detail.repaired": {
        "es": "{unit}: {why}; {before_ha} ha antes, {after_ha} ha después",
        "pt": "{unit}: {why}; {before_ha} ha antes, {after_ha} ha depois",
        "en": "{unit}: {why}; {before_ha} ha before, {after_ha} ha after",
    },
    "layers.problem.other-shape": {
        "es": "con otra clase de geometría, quedan fuera: {count}",
        "pt": "com outro tipo de geometria, ficam de fora: {count}",
        "en": "of another kind of geometry, left out: {count}",
    },
    "layers.detail.other-shape": {
        "es": "{unit}: se esperaba {shape}",
        "pt": "{unit}: esperava-se {shape}",
        "en": "{unit}: expected {shape}",
    },
    "layers.problem.united": {
        "es": "filas del mismo código unidas: {count}",
        "pt": "linhas do mesmo código unidas: {count}",
        "en": "rows of the same code united: {count}",
    },
    "layers.detail.united": {"es": "{unit}: {names}", "pt": "{unit}: {names}", "en": "{unit}: {names}"},
    "layers.problem.no-unit": {
        "es": "en la tabla de nombres y no en el archivo: {count}",
        "pt": "na tabela de nomes e não no arquivo: {count}",
        "en": "in the table of names and not in the file: {count}",
    },
    "layers.problem.encoding": {
        "es": "nombres con la codificación dañada: {count}",
        "pt": "nomes com a codificação danificada: {count}",
        "en": "names with a broken encoding: {count}",
    },
    "layers.problem.date": {
        "es": "fechas que no se pueden leer, tomadas como no conocidas: {count}",
        "pt": "datas que não podem ser lidas, tomadas como não conhecidas: {count}",
        "en": "dates that cannot be read, taken as not known: {count}",
    },
    "layers.detail.date": {
        "es": "{unit}: {text!r}, se esperaba {format}",
        "pt": "{unit}: {text!r}, esperava-se {format}",
        "en": "{unit}: {text!r}, expected {format}",
    },
    "layers.problem.ends-before": {
        "es": "terminan el día en que empiezan o antes; el fin se toma como no conocido: {count}",
        "pt": "terminam no dia em que começam ou antes; o fim é tomado como não conhecido: {count}",
        "en": "end on the day they begin or before; the end is taken as not known: {count}",
    },
    "layers.problem.datum-grid": {
        "es": "falta una rejilla de datum: {count}",
        "pt": "falta uma grade de datum: {count}",
        "en": "a datum grid is missing: {count}",
    },
    "layers.detail.datum-grid": {
        "es": "{unit}: {grids}; sin ella la exactitud es de {accuracy_m} m",
        "pt": "{unit}: {grids}; sem ela a exatidão é de {accuracy_m} m",
        "en": "{unit}: {grids}; without it the accuracy is {accuracy_m} m",
    },
}
"""By key, then by language."""
