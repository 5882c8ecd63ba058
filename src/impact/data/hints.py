"""Names that columns often have, by the role they then play, in ten languages.

Catalan, Dutch, English, French, Greek, Italian, Latvian, Romanian, Slovene, Spanish;
accents do not count, and neither does upper or lower case.
"""

from __future__ import annotations

import re
import unicodedata

__all__ = [
    "AFTER",
    "COVARIATE",
    "FIRST",
    "HOUSEHOLD",
    "METADATA",
    "PERIOD",
    "PLACE",
    "PRIVATE",
    "TREATED",
    "UNIT",
    "WAVE_END",
    "WEIGHT",
    "plain",
    "says",
]


def plain(name: str) -> str:
    """Return a name in small letters without accents.

    Examples
    --------
    >>> plain("Vârstă"), plain("ΗΛΙΚΊΑ")
    ('varsta', 'ηλικια')
    """
    parted = unicodedata.normalize("NFD", name.casefold())
    return "".join(letter for letter in parted if not unicodedata.combining(letter))


def says(pattern: re.Pattern[str], name: str) -> bool:
    """Say whether a name holds one of the words of a role."""
    return pattern.search(plain(name)) is not None


def _words(*words: str) -> re.Pattern[str]:
    """Match any of the words between letters that are none; words stand without accents."""
    # Where case does not count, a final sigma is a sigma.
    said = "|".join(words).replace("ς", "σ")
    return re.compile(rf"(^|[\W\d_])({said})($|[\W\d_])")


PRIVATE = _words(
    r"_?uuid|_submission_time|_submitted_by|_validation_status|_notes|_status|_tags|_index",
    r"_parent\w*|_attachments|_version_?\w*|__version__|instance_?id|instance_?name|device_?id",
    r"simserial|subscriberid|username|_?geo_?(location|point|trace|shape)?|gps|lat(itude)?",
    r"lon(g|gitude)?|altitude|e_?-?mail|(tele)?phone|mobile|(first|last|full|sur|family)_?name",
    r"address|street|post_?code|zip|birth_?(date|day)?|date_?of_?birth|dob|passport|bsn|ssn",
    r"naam|voornaam|achternaam|adres|straat|telefoon(nummer)?|geboorte(datum|dag)?",
    r"prenom|nom_de_famille|adresse|rue|(code_)?postal|(date_(de_)?)?naissance|courriel",
    r"nombre|apellidos?|direccion|calle|telefono|movil|correo|(fecha_(de_)?)?nacimiento|dni|nie",
    r"cognoms?|adreca|carrer|telefon|mobil|correu|(data_(de_)?)?naixement",
    r"cognome|indirizzo|via|cellulare|(data_(di_)?)?nascita|codice_fiscale",
    r"nume|prenume|adresa|strada|(data_)?nasterii|cnp",
    r"ime|priimek|naslov|ulica|(datum_)?rojstva|emso|e_?posta",
    r"vards|uzvards|adrese|iela|talrunis|dzimsanas(_datums)?|personas_kods|e_?pasts",
    r"ονομα|επωνυμο|ονοματεπωνυμο|διευθυνση|οδος|τηλεφωνο|κινητο|γεννηση\w*|αφμ|αμκα",
)
METADATA = re.compile(
    r"^(_id|_uuid|name|start|end|today|submission_?time|formhub/uuid|meta/.*)$", re.I
)
UNIT = _words(
    r"person(_?id)?|participant(_?id)?|respondent(_?id)?|unit(_?id)?|id|household(_?id)?|hh_?id",
    r"\w+_id|code|client|case",
    r"deelnemer(s?nummer)?|persoon(s?nummer)?|respondentnummer|huishouden|clientnummer",
    r"personne|identifiant|beneficiaire|menage|dossier",
    r"persona|participante|identificador|codigo|beneficiari[oa]|hogar|expediente",
    r"participant[as]?|codi|llar|expedient",
    r"partecipante|codice|nucleo_familiare|utente",
    r"persoana|cod|beneficiar|gospodarie",
    r"oseba|udelezen(ec|ka)|sifra|gospodinjstvo|uporabnik",
    r"dalibnie(ks|ce)|kods|majsaimnieciba|klients",
    r"ατομο|κωδικος|συμμετεχων|ωφελουμενος|νοικοκυριο",
)
PLACE = _words(
    r"city|municipality|place|town|village|neighbou?rhood|district|region|county|state|province",
    r"country|hospital|school|authority|site",
    r"gemeente|stad|plaats|wijk|buurt|dorp|provincie|regio",
    r"commune|ville|quartier|departement|lieu",
    r"municipio|ciudad|barrio|provincia|pueblo|comarca|distrito",
    r"municipi|ciutat|barri|poble|districte|regio",
    r"comune|citta|quartiere|regione|paese",
    r"oras|judet|comuna|localitate|cartier|regiune|sector",
    r"obcina|mesto|naselje|regija|soseska|kraj",
    r"pasvaldiba|pilseta|novads|pagasts|rajons|apkaime",
    r"δημος|πολη|περιφερεια|γειτονια|περιοχη|χωριο",
)
HOUSEHOLD = _words(
    r"household\w*|hh_?id|hh|family|huishouden|gezin|menage|foyer|hogar|familia|llar",
    r"nucleo_familiare|famiglia|gospodarie|gospodinjstvo|druzina|majsaimnieciba|gimene|νοικοκυριο",
)
PERIOD = _words(
    r"wave|period|round|phase|visit|survey|year|quarter|month|week|date|time|t|when|moment",
    r"meting|ronde|golf|periode|jaar|kwartaal|maand|datum|meetmoment",
    r"vague|annee|trimestre|mois|enquete",
    r"ola|oleada|ronda|periodo|ano|mes|fecha|encuesta|onada|periode|enquesta",
    r"ondata|rilevazione|anno|mese|indagine",
    r"etapa|runda|perioada|anul|luna|trimestru",
    r"krog|obdobje|leto|cetrtletje|mesec|anketa",
    r"vilnis|posms|periods|gads|ceturksnis|menesis|datums|aptauja",
    r"κυμα|φαση|περιοδος|ετος|τριμηνο|μηνας|ημερομηνια",
)
TREATED = _words(
    r"treated|treatment|treat|in_pilot|pilot|intervention|trained|mentored|reached|invited|arm",
    r"behandeld|behandeling|pilotgroep|interventie|deelgenomen",
    r"traitee?|traitement|pilote|groupe_pilote",
    r"tratad[oa]|tratamiento|piloto|intervencion|tractat|tractament|intervencio",
    r"trattat[oa]|trattamento|pilota|intervento",
    r"tratat|tratament|interventie",
    r"obravnavan[ai]?|ukrep|intervencija|pilotna",
    r"piloto?s|intervence|izmeginajums",
    r"παρεμβαση|πιλοτικο|πιλοτος",
)
FIRST = _words(r"first_?\.?treat(ed)?|cohort|gvar|treated_?from|first_?period|first_?wave|adoption")
WEIGHT = _words(
    r"weight|weights|wt|pweight|sampling_?weight|wgt",
    r"gewicht|weegfactor|poids|ponderation|ponderacion|ponderacio|peso|pondere|utez|svars|βαρος",
    r"σταθμιση",
)
AFTER = _words(r"post|after|did|treated_?post|treat_?post|in_?treatment|treated|treatment|treat")
COVARIATE = _words(
    r"age|female|male|sex|gender|woman|education|schooling|nationality|origin|children|married",
    r"arrival|black|hispanic|baseline|family_?size|log_?pop(ulation)?|population|lpop",
    r"leeftijd|geslacht|vrouw|opleiding|nationaliteit|herkomst|kinderen|gehuwd|aankomst",
    r"sexe|genre|femme|homme|etudes|diplome|nationalite|origine|enfants|marie|arrivee",
    r"edad|sexo|genero|mujer|hombre|estudios|nacionalidad|origen|hijos|casad[oa]|llegada",
    r"edat|genere|dona|estudis|nacionalitat|fills|arribada",
    r"eta|sesso|donna|uomo|istruzione|titolo_di_studio|nazionalita|figli|arrivo",
    r"varsta|femeie|studii|nationalitate|copii|casatorit",
    r"starost|spol|zenska|moski|izobrazba|drzavljanstvo|otroci|porocen",
    r"vecums|dzimums|sieviete|virietis|izglitiba|valstspiederiba|berni|precejies",
    r"ηλικια|φυλο|γυναικα|ανδρας|εκπαιδευση|υπηκοοτητα|παιδια|αφιξη",
)
# The end of a name that says which of several waves side by side a column holds.
WAVE_END = re.compile(
    r"^(?P<stem>.+?)[_.]?(?P<mark>(?:t|w|wave_?|time_?|round_?|r)(?P<number>[0-9])"
    r"|(?P<word>pre|post|baseline|endline|before|after|bl|el))$",
    re.IGNORECASE,
)
