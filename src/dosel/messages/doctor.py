"""What the doctor says, in Spanish, Portuguese and English."""

from __future__ import annotations

from typing import Final

# ruff: noqa: E501  # a sentence a line reads best
DOCTOR: Final[dict[str, dict[str, str]]] = {
    "doctor.what.libraries": {"es": "bibliotecas", "pt": "bibliotecas", "en": "libraries"},
    "doctor.what.folder": {"es": "carpeta", "pt": "pasta", "en": "folder"},
    "doctor.what.settings": {"es": "configuración", "pt": "configuração", "en": "settings"},
    "doctor.what.database": {"es": "base de datos", "pt": "banco de dados", "en": "database"},
    "doctor.what.disk": {"es": "disco", "pt": "disco", "en": "disk"},
    "doctor.what.clock": {"es": "reloj", "pt": "relógio", "en": "clock"},
    "doctor.libraries.bad": {
        "es": "no funcionan: {what}; instale de nuevo con make",
        "pt": "não funcionam: {what}; instale de novo com make",
        "en": "do not work: {what}; install anew with make",
    },
    "doctor.folder.bad": {
        "es": "{path}: no se puede escribir ({why}); revise dueño, permisos y montaje",
        "pt": "{path}: não é possível escrever ({why}); verifique dono, permissões e montagem",
        "en": "{path}: cannot be written ({why}); check owner, rights and mount",
    },
    "doctor.folder.good": {
        "es": "{path}: se escribe, se renombra de una vez y SQLite lleva su registro",
        "pt": "{path}: escreve, renomeia de uma vez e o SQLite mantém seu registro",
        "en": "{path}: it can be written, renames at once, and SQLite keeps its log",
    },
    "doctor.folder.log": {
        "es": "{path}: SQLite no puede llevar aquí su registro (WAL), como en muchos discos de red; use un disco local",
        "pt": "{path}: o SQLite não consegue manter aqui seu registro (WAL), como em muitos discos de rede; use um disco local",
        "en": "{path}: SQLite cannot keep its log (WAL) here, as on many network disks; use a local disk",
    },
    "doctor.folder.server": {
        "es": "{path}: se escribe y se renombra de una vez; la base de datos está en un servidor",
        "pt": "{path}: escreve e renomeia de uma vez; o banco de dados está em um servidor",
        "en": "{path}: it can be written and renames at once; the database is on a server",
    },
    "doctor.settings.good": {
        "es": "{tiles} teselas en {crs}",
        "pt": "{tiles} blocos em {crs}",
        "en": "{tiles} tiles on {crs}",
    },
    "doctor.settings.unused": {
        "es": "[[sensor]] {sensor}: ninguna fuente lo usa",
        "pt": "[[sensor]] {sensor}: nenhuma fonte o usa",
        "en": "[[sensor]] {sensor}: no source uses it",
    },
    "doctor.settings.coarse": {
        "es": "fuente {source}: sus píxeles ({own} m) son mucho mayores que los de la rejilla ({grid} m)",
        "pt": "fonte {source}: seus pixels ({own} m) são muito maiores que os da grade ({grid} m)",
        "en": "source {source}: its pixels ({own} m) are much larger than those of the grid ({grid} m)",
    },
    "doctor.settings.history": {
        "es": "fuente {source}: history_days da unas {looks} pasadas, min_history_looks pide {least}; se comparará con el bosque vecino",
        "pt": "fonte {source}: history_days dá umas {looks} passagens, min_history_looks pede {least}; será comparada com a floresta vizinha",
        "en": "source {source}: history_days gives about {looks} looks, min_history_looks asks for {least}; it will be compared with the forest around",
    },
    "doctor.settings.future": {
        "es": "monitor.start ({start}) está en el futuro: todavía no se vigila nada",
        "pt": "monitor.start ({start}) está no futuro: ainda não se vigia nada",
        "en": "monitor.start ({start}) lies in the future: nothing is watched yet",
    },
    "doctor.settings.retain": {
        "es": "retain.looks_days ({keep}) es menor que late_days + checkpoint_days ({least}): las pasadas tardías no podrán usarse",
        "pt": "retain.looks_days ({keep}) é menor que late_days + checkpoint_days ({least}): as passagens tardias não poderão ser usadas",
        "en": "retain.looks_days ({keep}) is less than late_days + checkpoint_days ({least}): late looks cannot be used",
    },
    "doctor.settings.map": {
        "es": "[mask]: origin o licence del mapa están vacíos: ninguna alerta podrá entregarse",
        "pt": "[mask]: origin ou licence do mapa estão vazios: nenhum alerta poderá ser liberado",
        "en": "[mask]: origin or licence of the map is empty: no alert can be released",
    },
    "doctor.settings.pixel": {
        "es": "alerts.min_area_ha ({area}) es menor que un píxel ({pixel} ha)",
        "pt": "alerts.min_area_ha ({area}) é menor que um pixel ({pixel} ha)",
        "en": "alerts.min_area_ha ({area}) is less than one pixel ({pixel} ha)",
    },
    "doctor.database.good": {
        "es": "{path}: se abre, esquema {version}",
        "pt": "{path}: abre, esquema {version}",
        "en": "{path}: it opens, schema {version}",
    },
    "doctor.database.new": {
        "es": "{path}: responde y tiene PostGIS; la primera vigilancia hará sus tablas",
        "pt": "{path}: responde e tem PostGIS; a primeira vigilância fará suas tabelas",
        "en": "{path}: it answers and has PostGIS; the first watch makes its tables",
    },
    "doctor.disk.good": {
        "es": "{free} GB libres; la historia y las pasadas que se conservan ocupan como mucho {need} GB (ya hay {used})",
        "pt": "{free} GB livres; o histórico e as passagens mantidas ocupam no máximo {need} GB (já há {used})",
        "en": "{free} GB free; the history and the looks that are kept take at most {need} GB ({used} there already)",
    },
    "doctor.disk.warn": {
        "es": "{free} GB libres, y la historia y las pasadas que se conservan pueden ocupar {need} GB (ya hay {used}); libere espacio o baje retain.looks_days",
        "pt": "{free} GB livres, e o histórico e as passagens mantidas podem ocupar {need} GB (já há {used}); libere espaço ou reduza retain.looks_days",
        "en": "{free} GB free, and the history and the looks that are kept may take {need} GB ({used} there already); free space or lower retain.looks_days",
    },
    "doctor.clock.bad": {
        "es": "marca {now}, antes de que existiera este programa; ponga el reloj en hora",
        "pt": "marca {now}, antes de este programa existir; acerte o relógio",
        "en": "it says {now}, before this program was made; set the clock",
    },
    "doctor.clock.behind": {
        "es": "marca {now} UTC, antes de la pasada más nueva ({newest}); ponga el reloj en hora",
        "pt": "marca {now} UTC, antes da passagem mais nova ({newest}); acerte o relógio",
        "en": "it says {now} UTC, before the newest look ({newest}); set the clock",
    },
    "doctor.source.path": {
        "es": "{path}: no existe; corrija path o conecte el disco",
        "pt": "{path}: não existe; corrija path ou conecte o disco",
        "en": "{path}: it does not exist; mend path or plug in the disk",
    },
    "doctor.source.licence": {
        "es": "origin o licence están vacíos: nada de lo que salga de aquí podrá entregarse",
        "pt": "origin ou licence estão vazios: nada do que vier daqui poderá ser liberado",
        "en": "origin or licence is empty: nothing made from it can be released",
    },
    "doctor.live.none": {
        "es": "responde, sin escenas de los últimos {days} días aquí",
        "pt": "responde, sem cenas dos últimos {days} dias aqui",
        "en": "it answers, with no scene of the last {days} days here",
    },
    "doctor.live.good": {
        "es": "{day}: {look} leída entera en {minutes} min: {tiles} teselas, {bytes} bytes en {requests} peticiones; límite {limit} por minuto",
        "pt": "{day}: {look} lida inteira em {minutes} min: {tiles} blocos, {bytes} bytes em {requests} pedidos; limite {limit} por minuto",
        "en": "{day}: {look} read whole in {minutes} min: {tiles} tiles, {bytes} bytes in {requests} requests; limit {limit} a minute",
    },
}
"""By key, then by language."""
