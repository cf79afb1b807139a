### Das Protokoll der Änderungen: die Liste, ein Eintrag, die Kette.

changes = Änderungen
nothing = nichts
somebody-as = { $name } ({ $role })
audit-hint = Wer was geändert hat, und wie es vorher war. Einträge kommen immer nur hinzu, und jeder trägt den Hash des vorigen. Was auf einem Stimmzettel steht, steht hier nie.
audit-empty = Bisher wurde nichts geändert
audit-empty-hint = Hier steht, was die Administration, die Betreiber oder der Anmeldedienst ändern.
export-csv = Diese Liste als CSV exportieren
export-json = Als JSON exportieren
all-changes = Alle Änderungen
did-votes-read = Eingesehen, wer was gewählt hat:
did-token-made = Token für Programme angelegt:
did-token-ended = Token für Programme beendet:

## Worauf die Liste eingegrenzt ist

history-of = Betrifft
history-by = Von
number = Nummer
this-history = Dieses Protokoll
poll-created = Abstimmung angelegt
poll-edited = Abstimmung bearbeitet
poll-opened = Abstimmung geöffnet
poll-closed = Abstimmung beendet
poll-archived = Abstimmung archiviert
poll-removed = Abstimmung gelöscht
user-deactivated = Person deaktiviert
user-erased = Person gelöscht
users-merged = Personen zusammengeführt
role-changed = Rolle geändert
role-lost = Rolle entzogen
sessions-have-ended = Sitzungen beendet
history-exported = Protokoll exportiert

## Ein Eintrag

entry = Eintrag
entry-number = Eintrag { $number }
request-in-log = Anfrage im Log
hash-before = Hash davor
hash = Hash
what-has-changed = Was sich geändert hat
no-field-changed = Es wird von keinem Feld berichtet.
column-old = Alt
column-new = Neu
field-deactivated = Deaktiviert
field-format = Format
field-heard = Erfahren bei
field-invitations = Noch nicht angemeldet
field-merged = Zusammengeführt mit Nummer
field-role-source = Claim der Rolle
field-sessions-ended = Beendete Sitzungen
field-token = Token
field-tokens-ended = Beendete Token

## Die Kette

verify-chain = Kette prüfen
verify-all = Alles davon prüfen
chain-verified = Die Kette hält: Jeder Eintrag bis Nummer { $number } ist, wie er geschrieben wurde, und keiner fehlt.
chain-end = Ihr Ende ist
chain-in-log = Immer wenn eine Abstimmung versiegelt wird, nennt das Log des Servers dieses Ende; passt eine ältere Zeile des Logs nicht zum Eintrag dieser Nummer, wurde die ganze Kette neu geschrieben.
chain-tampered = Die Kette bricht bei Eintrag { $number }: Er wurde von jemandem mit Zugriff auf die Datenbank geändert, entfernt oder eingefügt. Bewahren Sie eine Kopie der Datenbank auf, wie sie jetzt ist, und vergleichen Sie sie mit Ihren Sicherungen.
chain-holds = die neuesten Einträge halten, der letzte hat die Nummer { $number }.
chain-broken = bricht bei Eintrag { $number }.
