"""What is said of activities that go together; part of :data:`dosel.messages.CATALOGUE`."""

from __future__ import annotations

from typing import Final

CONVERGE: Final[dict[str, dict[str, str]]] = {
    "converge.title": {
        "es": "Qué coincide en {place}, {first} a {last}: {counts}",
        "pt": "O que coincide em {place}, {first} a {last}: {counts}",
        "en": "What goes together in {place}, {first} to {last}: {counts}",
    },
    "converge.nothing": {
        "es": "No hay nada registrado en {place}, {first} a {last}. Eso no dice que nada ocurrió.",
        "pt": "Não há nada registrado em {place}, {first} a {last}. Isso não diz que nada aconteceu.",
        "en": "Nothing is on record in {place}, {first} to {last}. That does not say that nothing happened.",
    },
    "converge.clearing": {"es": "tala rasa o desbosque", "pt": "desmatamento", "en": "clearing"},
    "converge.place": {
        "es": "{one} y {other}, mismo lugar (a {km} km): {seen} pares donde el entorno explica "
        "{expected}; razón {ratio} "
        "[{low}, {high}], solo el azar daría {chance}; p {p} (a lo más {bound}), con todas las preguntas "
        "{together}",
        "pt": "{one} e {other}, mesmo lugar (a {km} km): {seen} pares onde o entorno explica {expected}; "
        "razão {ratio} "
        "[{low}, {high}], só o acaso daria {chance}; p {p} (no máximo {bound}), com todas as perguntas "
        "{together}",
        "en": "{one} and {other}, same place (within {km} km): {seen} pairs where the surroundings "
        "explain {expected}; "
        "ratio {ratio} [{low}, {high}], chance alone would give {chance}; p {p} (at most {bound}), with "
        "all questions "
        "{together}",
    },
    "converge.moment": {
        "es": "{one} y {other}, mismas semanas en los mismos lugares (a {km} km y {days} días): {seen} "
        "pares, se esperaban "
        "{expected}; razón {ratio} [{low}, {high}], solo el azar daría {chance}; p {p} (a lo más "
        "{bound}), con todas las "
        "preguntas {together}",
        "pt": "{one} e {other}, mesmas semanas nos mesmos lugares (a {km} km e {days} dias): {seen} "
        "pares, esperavam-se "
        "{expected}; razão {ratio} [{low}, {high}], só o acaso daria {chance}; p {p} (no máximo {bound}), "
        "com todas as "
        "perguntas {together}",
        "en": "{one} and {other}, same weeks in the same places (within {km} km and {days} days): {seen} "
        "pairs, {expected} "
        "expected; ratio {ratio} [{low}, {high}], chance alone would give {chance}; p {p} (at most "
        "{bound}), with all "
        "questions {together}",
    },
    "converge.level": {
        "es": "La pregunta por las semanas acusa de más: donde se pide 0.05 dio 0.08 a 0.11 "
        "en mundos simulados (S); tome 0.02 por 0.05.",
        "pt": "A pergunta pelas semanas acusa demais: onde se pede 0.05 deu 0.08 a 0.11 "
        "em mundos simulados (S); tome 0.02 por 0.05.",
        "en": "The question about weeks finds too much: where 0.05 is asked it gave 0.08 to 0.11 "
        "on simulated worlds (S); take 0.02 for 0.05.",
    },
    "converge.silent": {
        "es": "{one} y {other}, {question}: no se dice ({why})",
        "pt": "{one} e {other}, {question}: não se diz ({why})",
        "en": "{one} and {other}, {question}: not told ({why})",
    },
    "converge.question.place": {"es": "mismo lugar", "pt": "mesmo lugar", "en": "same place"},
    "converge.question.moment": {"es": "mismas semanas", "pt": "mesmas semanas", "en": "same weeks"},
    "converge.why.few-events": {"es": "muy pocos sucesos", "pt": "eventos de menos", "en": "too few events"},
    "converge.why.few-pairs": {"es": "muy pocos pares", "pt": "pares de menos", "en": "too few pairs"},
    "converge.why.undated": {
        "es": "una de las dos no tiene fechas",
        "pt": "uma das duas não tem datas",
        "en": "one of the two has no dates",
    },
    "converge.why.still": {
        "es": "todo cae en un mismo día",
        "pt": "tudo cai num mesmo dia",
        "en": "all lies on one day",
    },
    "converge.why.coarse": {
        "es": "las fechas son más gruesas que la pregunta",
        "pt": "as datas são mais grossas que a pergunta",
        "en": "dates are coarser than the question",
    },
    "converge.held": {
        "es": "Se mantuvo fija la distancia a: {layers}.",
        "pt": "Manteve-se fixa a distância a: {layers}.",
        "en": "The distance to these was held fixed: {layers}.",
    },
    "converge.not_held": {
        "es": "Ninguna capa de caminos o ríos: lo que sigue un camino más angosto que {km} km puede "
        "parecer coincidencia.",
        "pt": "Nenhuma camada de estradas ou rios: o que segue uma estrada mais estreita que {km} km pode "
        "parecer "
        "coincidência.",
        "en": "No layer of roads or rivers: what follows a road narrower than {km} km can look like "
        "convergence.",
    },
    "converge.same": {
        "es": "Un mismo cambio que dos fuentes llaman distinto cuenta aquí como dos sucesos cercanos.",
        "pt": "Uma mesma mudança que duas fontes chamam de outro modo conta aqui como dois eventos próximos.",
        "en": "One change that two sources call by different names counts here as two events that are near.",
    },
    "converge.node": {
        "es": "{id} en {lon}, {lat} ({cells} celdas de {km} km): {activities}; {known}",
        "pt": "{id} em {lon}, {lat} ({cells} células de {km} km): {activities}; {known}",
        "en": "{id} at {lon}, {lat} ({cells} cells of {km} km): {activities}; {known}",
    },
    "converge.known": {
        "es": "ya era nodo en el periodo anterior",
        "pt": "já era nó no período anterior",
        "en": "was a node in the period before",
    },
    "converge.new": {
        "es": "no era nodo en el periodo anterior",
        "pt": "não era nó no período anterior",
        "en": "was no node in the period before",
    },
    "converge.amount": {
        "es": "  {activity}: {events} sucesos [{low}, {high}], {ha} ha [{ha_low}, {ha_high}]",
        "pt": "  {activity}: {events} eventos [{low}, {high}], {ha} ha [{ha_low}, {ha_high}]",
        "en": "  {activity}: {events} events [{low}, {high}], {ha} ha [{ha_low}, {ha_high}]",
    },
    "converge.change": {
        "es": "  {activity} frente al periodo anterior: {ratio} veces [{low}, {high}]",
        "pt": "  {activity} diante do período anterior: {ratio} vezes [{low}, {high}]",
        "en": "  {activity} against the period before: {ratio} times [{low}, {high}]",
    },
    "converge.broken": {
        "es": "  {activity}: no se compara con el periodo anterior: {why}",
        "pt": "  {activity}: não se compara com o período anterior: {why}",
        "en": "  {activity}: not compared with the period before: {why}",
    },
    "converge.no_node": {
        "es": "Ninguna celda por sí sola pasa de lo que muestran las celdas de cualquier zona. Las que "
        "más se acercan:",
        "pt": "Nenhuma célula por si só passa do que mostram as células de qualquer área. As que mais se "
        "aproximam:",
        "en": "No cell on its own is beyond what the cells of any area show. Those that come nearest:",
    },
    "converge.cell": {
        "es": "  {lon}, {lat}: {one} y {other}, {question}: {seen} pares, esperados {expected}; p {p}",
        "pt": "  {lon}, {lat}: {one} e {other}, {question}: {seen} pares, esperados {expected}; p {p}",
        "en": "  {lon}, {lat}: {one} and {other}, {question}: {seen} pairs, {expected} expected; p {p}",
    },
    "converge.own": {"es": "vigilancia propia", "pt": "vigilância própria", "en": "our own watch"},
    "converge.size": {
        "es": "Tamaños junto a {limit} ha ({source}, {count} cercanos): {reading}",
        "pt": "Tamanhos junto a {limit} ha ({source}, {count} próximos): {reading}",
        "en": "Sizes at {limit} ha ({source}, {count} near it): {reading}",
    },
    "converge.size_numbers": {
        "es": "; salto {jump} [{low}, {high}], en el 10 % debajo {excess} veces lo esperado [{few}, "
        "{many}]; otros tamaños "
        "con un salto así: {elsewhere}",
        "pt": "; salto {jump} [{low}, {high}], nos 10 % abaixo {excess} vezes o esperado [{few}, {many}]; "
        "outros tamanhos "
        "com um salto assim: {elsewhere}",
        "en": "; jump {jump} [{low}, {high}], in the 10 % below {excess} times what is expected [{few}, "
        "{many}]; other "
        "sizes with such a jump: {elsewhere}",
    },
    "converge.reading.few": {"es": "muy pocos para decir", "pt": "poucos para dizer", "en": "too few to say"},
    "converge.reading.smooth": {
        "es": "no se ve un amontonamiento",
        "pt": "não se vê um acúmulo",
        "en": "no pile-up is seen",
    },
    "converge.reading.more-below": {
        "es": "más justo debajo de lo que explican los tamaños vecinos; puede ser decisión o redondeo",
        "pt": "mais logo abaixo do que explicam os tamanhos vizinhos; pode ser decisão ou arredondamento",
        "en": "more just below than the sizes around it explain; it may be a decision or rounding",
    },
    "converge.reading.fewer-below": {
        "es": "menos debajo, como donde acaba la detección; un amontonamiento no se vería",
        "pt": "menos abaixo, como onde acaba a detecção; um acúmulo não se veria",
        "en": "fewer below, as where detection ends; a pile-up would not be seen",
    },
    "converge.least": {
        "es": "{limit} ha es la alerta más pequeña de este centro: de lo que hay debajo su vigilancia no "
        "dice nada.",
        "pt": "{limit} ha é o menor alerta deste centro: do que há abaixo a sua vigilância não diz nada.",
        "en": "{limit} ha is the smallest alert of this centre: of what lies below its watch says nothing.",
    },
    "converge.edge": {
        "es": "Límite de áreas protegidas: {ratio} veces [{low}, {high}] tantas alertas por km² a 0-1 km "
        "afuera como a "
        "1-5 km; {beyond} veces [{beyond_low}, {beyond_high}] lo que dan límites corridos",
        "pt": "Limite de áreas protegidas: {ratio} vezes [{low}, {high}] tantos alertas por km² a 0-1 km "
        "fora quanto a "
        "1-5 km; {beyond} vezes [{beyond_low}, {beyond_high}] o que dão limites deslocados",
        "en": "Boundary of protected areas: {ratio} times [{low}, {high}] as many alerts a km² at 0-1 km "
        "outside as at "
        "1-5 km; {beyond} times [{beyond_low}, {beyond_high}] what shifted boundaries give",
    },
    "converge.band": {
        "es": "  {low} a {high} km: {count} alertas en {area} km², {density} por 100 km² [{few}, {many}]",
        "pt": "  {low} a {high} km: {count} alertas em {area} km², {density} por 100 km² [{few}, {many}]",
        "en": "  {low} to {high} km: {count} alerts in {area} km², {density} a 100 km² [{few}, {many}]",
    },
    "converge.no_edge": {
        "es": "Límite de áreas protegidas: no evaluado.",
        "pt": "Limite de áreas protegidas: não avaliado.",
        "en": "Boundary of protected areas: not evaluated.",
    },
    "converge.means": {
        "es": "Coincidencia no es causa ni culpa: dice dónde mirar juntos.",
        "pt": "Coincidência não é causa nem culpa: diz onde olhar juntos.",
        "en": "Convergence is neither cause nor guilt: it says where to look together.",
    },
}
