"""What is said of forecasts of requests for help, in both languages, under the same ids."""

# ruff: noqa: E501 - a sentence a line, so that a change shows as one

from __future__ import annotations

from collections.abc import Mapping

ENGLISH: Mapping[str, str | tuple[str, str]] = {
    "forecast.head": (
        "Is the request for military help granted, how soon, and is the asker in office after a year? {count} forecast, learned from {earlier} earlier requests.",
        "Is a request for military help granted, how soon, and is the asker in office after a year? {count} forecasts, each learned from {earlier} earlier requests.",
    ),
    "forecast.case": "case",
    "forecast.granted": "granted",
    "forecast.partial": "partial",
    "forecast.refused": "refused",
    "forecast.days": "days, if granted",
    "forecast.in-office": "in office after a year",
    "forecast.had-there-been": "granted, had there been",
    "forecast.unseen": "{refusals} refusals more",
    "forecast.legend": "Per cent, with the 95 % range that the model's own uncertainty leaves; days with the 80 % range. Refusals leave less trace than operations: the second table adds some that nobody recorded.",
    "forecast.not-shown": "Whether help comes is not shown to be forecast better than by the base rate of earlier requests, on 52 that were kept aside; how soon it comes is (`foedus history scores`).",
    "forecast.lacking": "Without {names} (`foedus history import`): fewer covariates, wider answers.",
    "forecast.all": "All",
    "forecast.more": "{names} and {more} more",
    "forecast.of": "{who}: {note}.",
    "forecast.covariate-pact": "a pact between asker and asked",
    "forecast.covariate-tenure": "years in office",
    "forecast.covariate-polyarchy": "electoral democracy",
    "forecast.note-lacking": "not known, and averaged over: {names}",
    "forecast.note-no-date": "no date of the request is given: all rows of the table were used",
    "forecast.note-date-left-out": (
        "it may be of any day from {first} to {last}: nothing was learned from {count} request that may have been decided before it",
        "it may be of any day from {first} to {last}: nothing was learned from {count} requests that may have been decided before it",
    ),
    "forecast.note-date-tenure": "it may be of any day from {first} to {last}: the time in office is averaged over these days",
    "forecast.note-date-left-out-tenure": (
        "it may be of any day from {first} to {last}: nothing was learned from {count} request that may have been decided before it, and the time in office is averaged over these days",
        "it may be of any day from {first} to {last}: nothing was learned from {count} requests that may have been decided before it, and the time in office is averaged over these days",
    ),
    "forecast.note-no-asker": "no asker is named: the wider class is used",
    "forecast.note-no-body": "no body is named: the wider class is used",
    "forecast.note-few": (
        "only {count} earlier request known: the prior speaks",
        "only {count} earlier requests known: the prior speaks",
    ),
    "forecast.note-no-frame": "no earlier request has the frame `{word}`: the wider class is used",
    "forecast.note-no-threat": "no earlier request has the threat `{word}`: the wider class is used",
    "forecast.note-no-genuine": "no earlier request has the genuine `{word}`: the wider class is used",
    "forecast.note-no-addressee": "no earlier request has the addressee `{word}`: the wider class is used",
    "forecast.frozen": ("{file}: {count} forecast frozen", "{file}: {count} forecasts frozen"),
    "forecast.digest": "digest {digest}",
}
FINNISH: Mapping[str, str | tuple[str, str]] = {
    "forecast.head": (
        "Suostutaanko sotilaallisen avun pyyntöön, kuinka pian, ja onko pyytäjä vallassa vuoden kuluttua? {count} ennuste, opittu {earlier} aiemmasta pyynnöstä.",
        "Suostutaanko sotilaallisen avun pyyntöön, kuinka pian, ja onko pyytäjä vallassa vuoden kuluttua? {count} ennustetta, kukin opittu {earlier} aiemmasta pyynnöstä.",
    ),
    "forecast.case": "tapaus",
    "forecast.granted": "kokonaan",
    "forecast.partial": "osittain",
    "forecast.refused": "evätään",
    "forecast.days": "päivää, jos suostutaan",
    "forecast.in-office": "vallassa vuoden kuluttua",
    "forecast.had-there-been": "suostutaan, jos olisi",
    "forecast.unseen": "{refusals} epäämistä lisää",
    "forecast.legend": "Prosentteina ja mallin oman epävarmuuden jättämin 95 prosentin välein; päivissä 80 prosentin väli. Epääminen jättää vähemmän jälkiä kuin operaatio: toiseen taulukkoon on lisätty epäämisiä, joita kukaan ei kirjannut.",
    "forecast.not-shown": "Ei ole osoitettu, että avun tulo osattaisiin ennustaa paremmin kuin aiempien pyyntöjen perusosuudella: sivuun pantuja pyyntöjä oli 52. Se, kuinka pian apu tulee, ennustetaan niissä paremmin (`foedus history scores`).",
    "forecast.lacking": "Ilman aineistoja {names} (`foedus history import`): vähemmän selittäjiä, väljemmät vastaukset.",
    "forecast.all": "Kaikki",
    "forecast.more": "{names} ja {more} muuta",
    "forecast.of": "{who}: {note}.",
    "forecast.covariate-pact": "pyytäjän ja pyydetyn välinen sopimus",
    "forecast.covariate-tenure": "vallassaoloaika",
    "forecast.covariate-polyarchy": "vaalidemokratia",
    "forecast.note-lacking": "ei tiedossa ja keskiarvoistettu: {names}",
    "forecast.note-no-date": "pyynnön päivää ei ole annettu: taulukon kaikkia rivejä käytettiin",
    "forecast.note-date-left-out": (
        "päivä voi olla mikä tahansa välillä {first} – {last}: {count} pyynnöstä, joka on voitu ratkaista sitä ennen, ei opittu",
        "päivä voi olla mikä tahansa välillä {first} – {last}: {count} pyynnöstä, jotka on voitu ratkaista sitä ennen, ei opittu",
    ),
    "forecast.note-date-tenure": "päivä voi olla mikä tahansa välillä {first} – {last}: vallassaoloaika on näiden päivien keskiarvo",
    "forecast.note-date-left-out-tenure": (
        "päivä voi olla mikä tahansa välillä {first} – {last}: {count} pyynnöstä, joka on voitu ratkaista sitä ennen, ei opittu, ja vallassaoloaika on näiden päivien keskiarvo",
        "päivä voi olla mikä tahansa välillä {first} – {last}: {count} pyynnöstä, jotka on voitu ratkaista sitä ennen, ei opittu, ja vallassaoloaika on näiden päivien keskiarvo",
    ),
    "forecast.note-no-asker": "pyytäjää ei ole nimetty: käytetään laajempaa luokkaa",
    "forecast.note-no-body": "ei ole sanottu, keneltä pyydettiin: käytetään laajempaa luokkaa",
    "forecast.note-few": (
        "vain {count} aiempi pyyntö tiedossa: priori ratkaisee",
        "vain {count} aiempaa pyyntöä tiedossa: priori ratkaisee",
    ),
    "forecast.note-no-frame": "millään aiemmalla pyynnöllä kohteen laji ei ole `{word}`: käytetään laajempaa luokkaa",
    "forecast.note-no-threat": "millään aiemmalla pyynnöllä uhka ei ole `{word}`: käytetään laajempaa luokkaa",
    "forecast.note-no-genuine": "millään aiemmalla pyynnöllä pyynnön aitous ei ole `{word}`: käytetään laajempaa luokkaa",
    "forecast.note-no-addressee": "millään aiemmalla pyynnöllä kohde ei ole `{word}`: käytetään laajempaa luokkaa",
    "forecast.frozen": (
        "{file}: {count} ennuste jäädytetty",
        "{file}: {count} ennustetta jäädytetty",
    ),
    "forecast.digest": "tiiviste {digest}",
}
