"""What facts, explanations and neighbourhoods say, in Spanish, Portuguese and English."""

from __future__ import annotations

from typing import Final

FACTS: Final[dict[str, dict[str, str]]] = {
    "stage.facts": {"es": "describir", "pt": "descrever", "en": "describe"},
    "describe.done": {
        "es": "{described} de {alerts} alertas descritas, {facts} hechos; las demás no cambiaron",
        "pt": "{described} de {alerts} alertas descritos, {facts} fatos; os demais não mudaram",
        "en": "{described} of {alerts} alerts described, {facts} facts; the others did not change",
    },
    "describe.would": {
        "es": "Describiría {described} de {alerts} alertas; las demás no cambiaron",
        "pt": "Descreveria {described} de {alerts} alertas; os demais não mudaram",
        "en": "Would describe {described} of {alerts} alerts; the others did not change",
    },
    "describe.removed": {
        "es": "{count} alertas ya no existen: sus hechos se retiraron",
        "pt": "{count} alertas já não existem: seus fatos foram retirados",
        "en": "{count} alerts no longer stand: their facts were removed",
    },
    "describe.sealed": {
        "es": "{count} alertas quedaron selladas: reservas de pueblos en aislamiento o su margen",
        "pt": "{count} alertas foram selados: reservas de povos em isolamento ou sua margem",
        "en": "{count} alerts were sealed: reserves of peoples in isolation or their margin",
    },
    "describe.missing": {
        "es": "Capas que faltan, sin evaluar: {names}",
        "pt": "Camadas que faltam, não avaliadas: {names}",
        "en": "Missing layers, not evaluated: {names}",
    },
    "describe.none": {
        "es": "No hay capas: añádalas con dosel layers add",
        "pt": "Não há camadas: adicione-as com dosel layers add",
        "en": "There are no layers: add them with dosel layers add",
    },
    "explain.head": {
        "es": "{id}: {source}, a más tardar el {day}, {area}",
        "pt": "{id}: {source}, o mais tardar em {day}, {area}",
        "en": "{id}: {source}, by {day} at the latest, {area}",
    },
    "explain.own": {"es": "vigilancia propia", "pt": "vigilância própria", "en": "own watch"},
    "explain.hectares": {"es": "{ha} ha", "pt": "{ha} ha", "en": "{ha} ha"},
    "explain.no_hectares": {
        "es": "superficie no conocida",
        "pt": "área não conhecida",
        "en": "area not known",
    },
    "explain.box": {
        "es": "Su geometría es una caja de revisión que contiene el cambio: toda parte es parte de la caja, y"
        " toda distancia es la de la caja.",
        "pt": "Sua geometria é uma caixa de revisão que contém a mudança: toda parte é parte da caixa, e toda"
        " distância é a da caixa.",
        "en": "Its geometry is a review box that holds the change: every share is a share of the box, and"
        " every distance is that of the box.",
    },
    "explain.point": {
        "es": "Su geometría es un punto: está dentro o fuera.",
        "pt": "Sua geometria é um ponto: está dentro ou fora.",
        "en": "Its geometry is a point: it lies inside or outside.",
    },
    "explain.undescribed": {
        "es": "Aún no se ha descrito: ejecute dosel describe",
        "pt": "Ainda não foi descrito: execute dosel describe",
        "en": "Not described yet: run dosel describe",
    },
    "explain.place": {"es": "Dónde está", "pt": "Onde está", "en": "Where it is"},
    "explain.past": {"es": "Qué hubo antes", "pt": "O que houve antes", "en": "What was there before"},
    "explain.open": {
        "es": "Sin evaluar (el silencio no dice nada)",
        "pt": "Não avaliado (o silêncio não diz nada)",
        "en": "Not evaluated (silence says nothing)",
    },
    "fact.layer": {
        "es": "capa {title} de {vintage}",
        "pt": "camada {title} de {vintage}",
        "en": "layer {title} of {vintage}",
    },
    "fact.layer.undated": {"es": "capa {title}", "pt": "camada {title}", "en": "layer {title}"},
    "fact.complete": {"es": "completa", "pt": "completa", "en": "complete"},
    "fact.partial": {"es": "parcial", "pt": "parcial", "en": "partial"},
    "fact.missing": {"es": "falta", "pt": "falta", "en": "missing"},
    "fact.stale": {
        "es": "hay una versión más nueva: ejecute dosel describe",
        "pt": "há uma versão mais nova: execute dosel describe",
        "en": "there is a newer version: run dosel describe",
    },
    "fact.inside": {
        "es": "dentro: {unit}, {share} %",
        "pt": "dentro: {unit}, {share} %",
        "en": "inside: {unit}, {share} %",
    },
    "fact.together": {
        "es": "en todas estas unidades juntas: {share} %",
        "pt": "em todas estas unidades juntas: {share} %",
        "en": "in all these units together: {share} %",
    },
    "fact.nearest": {
        "es": "a {distance} de {unit}",
        "pt": "a {distance} de {unit}",
        "en": "{distance} from {unit}",
    },
    "fact.touches": {"es": "toca {unit}", "pt": "toca {unit}", "en": "touches {unit}"},
    "fact.none": {
        "es": "ninguna unidad aquí",
        "pt": "nenhuma unidade aqui",
        "en": "no unit here",
    },
    "fact.none_within": {
        "es": "ninguna unidad en {distance} a la redonda",
        "pt": "nenhuma unidade num raio de {distance}",
        "en": "no unit within {distance}",
    },
    "fact.none_part": {
        "es": "ninguna unidad en la parte cubierta ({share} %)",
        "pt": "nenhuma unidade na parte coberta ({share} %)",
        "en": "no unit in the part that is covered ({share} %)",
    },
    "fact.open_part": {
        "es": "sin evaluar: {share} % queda fuera de lo que la capa conoce",
        "pt": "não avaliado: {share} % fica fora do que a camada conhece",
        "en": "not evaluated: {share} % lies beyond what the layer knows",
    },
    "fact.open_beyond": {
        "es": "más allá de {distance} la capa no está completa: puede haber otra más cerca",
        "pt": "além de {distance} a camada não está completa: pode haver outra mais perto",
        "en": "beyond {distance} the layer is not complete: another may be nearer",
    },
    "fact.nearest_known": {
        "es": "es la más cercana conocida: la capa no está completa aquí",
        "pt": "é a mais próxima conhecida: a camada não está completa aqui",
        "en": "it is the nearest known: the layer is not complete here",
    },
    "fact.in_force": {"es": "vigente ese día", "pt": "em vigor nesse dia", "en": "in force on that day"},
    "fact.not_in_force": {
        "es": "no vigente ese día",
        "pt": "não em vigor nesse dia",
        "en": "not in force on that day",
    },
    "fact.slope": {
        "es": "pendiente media del terreno: {degrees} grados",
        "pt": "declividade média do terreno: {degrees} graus",
        "en": "mean slope of the ground: {degrees} degrees",
    },
    "fact.value": {"es": "{code}: {value}", "pt": "{code}: {value}", "en": "{code}: {value}"},
    "past.none": {
        "es": "ninguna alerta anterior conocida a menos de {reach}",
        "pt": "nenhum alerta anterior conhecido a menos de {reach}",
        "en": "no earlier alert known within {reach}",
    },
    "past.nearest": {
        "es": "alerta anterior más cercana: {id} ({source}, {day}), a {distance}",
        "pt": "alerta anterior mais próximo: {id} ({source}, {day}), a {distance}",
        "en": "nearest earlier alert: {id} ({source}, {day}), {distance} away",
    },
    "past.count": {
        "es": "{alerts} alertas anteriores a menos de 1 km desde el {day}, {touching} de ellas la tocan;"
        " {ha} ha según sus fuentes",
        "pt": "{alerts} alertas anteriores a menos de 1 km desde {day}, {touching} deles o tocam;"
        " {ha} ha segundo suas fontes",
        "en": "{alerts} earlier alerts within 1 km since {day}, {touching} of them touch it; {ha} ha by their"
        " sources",
    },
    "near.head": {
        "es": "A menos de {km} km de {unit} ({layer}, versión {version}): {sure} con certeza, {maybe} quizás",
        "pt": "A menos de {km} km de {unit} ({layer}, versão {version}): {sure} com certeza, {maybe} talvez",
        "en": "Within {km} km of {unit} ({layer}, version {version}): {sure} for certain, {maybe} perhaps",
    },
    "near.any": {"es": "cualquier unidad", "pt": "qualquer unidade", "en": "any unit"},
    "near.kinds": {
        "es": "{alert} alertas, {fire} eventos de fuego, {airstrip} pistas",
        "pt": "{alert} alertas, {fire} eventos de fogo, {airstrip} pistas",
        "en": "{alert} alerts, {fire} fire events, {airstrip} airstrips",
    },
    "near.maybe": {
        "es": "Quizás: solo su caja de revisión llega a esta franja; el cambio está en algún lugar de ella.",
        "pt": "Talvez: só sua caixa de revisão chega a esta faixa, e a mudança está em algum lugar da caixa.",
        "en": "Perhaps: only its review box reaches into the belt, and the change lies somewhere in the box.",
    },
    "near.more": {
        "es": "y {count} más; --limit 0 las muestra todas",
        "pt": "e mais {count}; --limit 0 mostra todos",
        "en": "and {count} more; --limit 0 shows them all",
    },
    "near.note": {
        "es": "Sobre la capa: {note}",
        "pt": "Sobre a camada: {note}",
        "en": "Of the layer: {note}",
    },
    "near.alert": {"es": "alerta", "pt": "alerta", "en": "alert"},
    "near.fire": {"es": "fuego", "pt": "fogo", "en": "fire"},
    "near.airstrip": {"es": "pista", "pt": "pista", "en": "airstrip"},
    "near.perhaps": {"es": "quizás", "pt": "talvez", "en": "perhaps"},
}
