"""What the reference layers say, in Spanish, Portuguese and English."""

from __future__ import annotations

from typing import Final

# ruff: noqa: E501  # a sentence a line reads best
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
    "layers.problem.datum": {
        "es": "cambio de datum con poca exactitud: {count}",
        "pt": "mudança de datum com pouca exatidão: {count}",
        "en": "change of datum of little exactness: {count}",
    },
    "layers.detail.datum": {
        "es": "{unit}: {accuracy_m} m",
        "pt": "{unit}: {accuracy_m} m",
        "en": "{unit}: {accuracy_m} m",
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
    "theme.country": {"es": "país", "pt": "país", "en": "country"},
    "theme.department": {"es": "departamento", "pt": "departamento", "en": "department"},
    "theme.province": {"es": "provincia", "pt": "província", "en": "province"},
    "theme.district": {"es": "distrito", "pt": "distrito", "en": "district"},
    "theme.border": {"es": "frontera", "pt": "fronteira", "en": "border"},
    "theme.frontier": {"es": "zona de frontera", "pt": "zona de fronteira", "en": "frontier zone"},
    "theme.critical-frontier": {
        "es": "frontera crítica",
        "pt": "fronteira crítica",
        "en": "critical frontier",
    },
    "theme.protected": {"es": "área protegida", "pt": "área protegida", "en": "protected area"},
    "theme.buffer": {"es": "amortiguamiento", "pt": "amortecimento", "en": "buffer zone"},
    "theme.indigenous": {
        "es": "territorio indígena",
        "pt": "território indígena",
        "en": "indigenous territory",
    },
    "theme.isolation": {
        "es": "pueblos en aislamiento",
        "pt": "povos em isolamento",
        "en": "peoples in isolation",
    },
    "theme.concession-conservation": {
        "es": "concesión de conservación",
        "pt": "concessão de conservação",
        "en": "conservation concession",
    },
    "theme.concession-timber": {"es": "título forestal", "pt": "título florestal", "en": "forest title"},
    "theme.mining-right": {"es": "derecho minero", "pt": "direito minerário", "en": "mining right"},
    "theme.mining-corridor": {
        "es": "corredor minero",
        "pt": "corredor de mineração",
        "en": "mining corridor",
    },
    "theme.mining-scar": {"es": "huella de minería", "pt": "cicatriz de mineração", "en": "mining scar"},
    "theme.river": {"es": "río", "pt": "rio", "en": "river"},
    "theme.basin": {"es": "cuenca", "pt": "bacia", "en": "basin"},
    "theme.road": {"es": "camino", "pt": "estrada", "en": "road"},
    "theme.settlement": {"es": "centro poblado", "pt": "povoado", "en": "settlement"},
    "theme.airfield": {"es": "aeródromo", "pt": "aeródromo", "en": "airfield"},
    "theme.airstrip": {
        "es": "pista no registrada",
        "pt": "pista não registrada",
        "en": "unregistered airstrip",
    },
    "theme.emergency-zone": {"es": "zona de emergencia", "pt": "zona de emergência", "en": "emergency zone"},
    "marking.PUBLIC": {"es": "pública", "pt": "pública", "en": "public"},
    "marking.PARTNER": {"es": "de socios", "pt": "de parceiros", "en": "partner"},
    "marking.RESTRICTED": {"es": "restringida", "pt": "restrita", "en": "restricted"},
    "marking.SEALED": {"es": "sellada", "pt": "selada", "en": "sealed"},
    "layers.completeness.complete": {"es": "completa", "pt": "completa", "en": "complete"},
    "layers.completeness.partial": {"es": "parcial", "pt": "parcial", "en": "partial"},
    "layers.completeness.missing": {"es": "falta", "pt": "falta", "en": "missing"},
    "layers.completeness.km2": {
        "es": "{word} en {km2} km²",
        "pt": "{word} em {km2} km²",
        "en": "{word} for {km2} km²",
    },
    "layers.licence.unknown": {"es": "no conocida", "pt": "não conhecida", "en": "unknown"},
    "layers.days": {"es": "{days} d", "pt": "{days} d", "en": "{days} d"},
    "layers.list": {"es": "Capas de referencia", "pt": "Camadas de referência", "en": "Reference layers"},
    "layers.words": {
        "es": "Qué dicen y qué no dicen",
        "pt": "O que dizem e o que não dizem",
        "en": "What they say and what they do not",
    },
    "layers.none": {
        "es": "No hay capas: dosel layers add --ready peru --from CARPETA",
        "pt": "Não há camadas: dosel layers add --ready peru --from PASTA",
        "en": "There are no layers: dosel layers add --ready peru --from FOLDER",
    },
    "layers.units.none": {
        "es": "ninguna unidad cambió; cambió la definición o el ámbito",
        "pt": "nenhuma unidade mudou; mudou a definição ou o âmbito",
        "en": "no unit changed; the definition or the coverage did",
    },
    "layers.refresh.nothing": {
        "es": "Nada que releer: ningún archivo cambió y ninguna regla venció.",
        "pt": "Nada a reler: nenhum arquivo mudou e nenhuma regra venceu.",
        "en": "Nothing to read again: no file changed and no rule is due.",
    },
    "layers.refresh.gone": {
        "es": "{name}: su archivo ya no está donde se leyó; la capa queda como está",
        "pt": "{name}: seu arquivo não está mais onde foi lido; a camada fica como está",
        "en": "{name}: its file is no more where it was read; the layer stays as it is",
    },
    "layers.service": {
        "es": "servicio oficial: {service}",
        "pt": "serviço oficial: {service}",
        "en": "official service: {service}",
    },
    "layers.check.good": {
        "es": "Las capas están al día y cubren el área.",
        "pt": "As camadas estão em dia e cobrem a área.",
        "en": "The layers are up to date and cover the area.",
    },
    "layers.check.changed": {
        "es": "El archivo cambió desde que se leyó (dosel layers refresh):",
        "pt": "O arquivo mudou desde que foi lido (dosel layers refresh):",
        "en": "The file changed since it was read (dosel layers refresh):",
    },
    "layers.checked.changed": {"es": "{place}", "pt": "{place}", "en": "{place}"},
    "layers.check.gone": {
        "es": "El archivo ya no está donde se leyó:",
        "pt": "O arquivo não está mais onde foi lido:",
        "en": "The file is no more where it was read:",
    },
    "layers.checked.gone": {"es": "{place}", "pt": "{place}", "en": "{place}"},
    "layers.check.outdated": {
        "es": "Se apoyan en una versión anterior de otra capa (dosel layers refresh):",
        "pt": "Apoiam-se em uma versão anterior de outra camada (dosel layers refresh):",
        "en": "They rest on an earlier version of another layer (dosel layers refresh):",
    },
    "layers.checked.outdated": {"es": "{parents}", "pt": "{parents}", "en": "{parents}"},
    "layers.check.stale": {
        "es": "Vencidas según su regla:",
        "pt": "Vencidas segundo sua regra:",
        "en": "Stale by their rule:",
    },
    "layers.checked.stale": {
        "es": "leída hace {age} días, la regla dice {days}",
        "pt": "lida há {age} dias, a regra diz {days}",
        "en": "read {age} days ago, the rule says {days}",
    },
    "layers.check.problems": {
        "es": "Unidades con problemas:",
        "pt": "Unidades com problemas:",
        "en": "Units with problems:",
    },
    "layers.check.licence": {
        "es": "Sin licencia conocida; lo que se apoye en ellas no puede entregarse:",
        "pt": "Sem licença conhecida; o que se apoiar nelas não pode ser liberado:",
        "en": "Without a known licence; what rests on them cannot be released:",
    },
    "layers.check.gap": {
        "es": "No cubren toda el área; allí no se evalúa:",
        "pt": "Não cobrem toda a área; ali não se avalia:",
        "en": "They do not cover all of the area; not evaluated there:",
    },
    "layers.checked.gap": {
        "es": "falta el {percent} % del área.",
        "pt": "falta {percent} % da área.",
        "en": "{percent} % of the area is lacking.",
    },
    "layers.check.partial": {
        "es": "Parciales; lo que muestran vale, su silencio no dice nada:",
        "pt": "Parciais; o que mostram vale, seu silêncio não diz nada:",
        "en": "Partial; what they show holds, their silence says nothing:",
    },
    "layers.check.missing": {
        "es": "Faltan; todo lo que dependa de ellas no se evalúa:",
        "pt": "Faltam; tudo o que depender delas não é avaliado:",
        "en": "Missing; all that depends on them is not evaluated:",
    },
    "layers.check.unregistered": {
        "es": "Temas de los que no hay ninguna capa, ni siquiera anotada como ausente:",
        "pt": "Temas de que não há nenhuma camada, nem anotada como ausente:",
        "en": "Themes of which there is no layer, not even noted as missing:",
    },
    "layers.check.isolation": {
        "es": "Pueblos en aislamiento: no evaluado; nada puede salir con el argumento de que un lugar está libre de sus reservas.",
        "pt": "Povos em isolamento: não avaliado; nada pode sair com o argumento de que um lugar está livre de suas reservas.",
        "en": "Peoples in isolation: not evaluated; nothing may leave on the ground that a place is free of their reserves.",
    },
    "col.layer": {"es": "capa", "pt": "camada", "en": "layer"},
    "col.theme": {"es": "tema", "pt": "tema", "en": "theme"},
    "col.vintage": {"es": "fecha", "pt": "data", "en": "vintage"},
    "col.units": {"es": "unidades", "pt": "unidades", "en": "units"},
    "col.coverage": {"es": "ámbito", "pt": "âmbito", "en": "coverage"},
    "col.sensitivity": {"es": "sensibilidad", "pt": "sensibilidade", "en": "sensitivity"},
    "col.version": {"es": "versión", "pt": "versão", "en": "version"},
    "col.age": {"es": "edad", "pt": "idade", "en": "age"},
}
"""By key, then by language."""
