"""What languages are called in English, whether or not the package has a folder for them."""

from __future__ import annotations

_NAMES = """
    ar Arabic,bg Bulgarian,bn Bengali,ca Catalan,cs Czech,cy Welsh,da Danish,de German,el Greek,en English,eo Esperanto,
    es Spanish,et Estonian,eu Basque,fa Persian,fi Finnish,fr French,ga Irish,gu Gujarati,hi Hindi,hr Croatian,
    hu Hungarian,id Indonesian,is Icelandic,it Italian,ja Japanese,kn Kannada,ko Korean,lt Lithuanian,lv Latvian,
    mr Marathi,nb Norwegian,ne Nepali,nl Dutch,nn Nynorsk,no Norwegian,pa Punjabi,pl Polish,pt Portuguese,ro Romanian,
    ru Russian,sk Slovak,sl Slovenian,sr Serbian,sv Swedish,sw Swahili,ta Tamil,te Telugu,th Thai,tr Turkish,
    uk Ukrainian,ur Urdu,vi Vietnamese,zh Chinese
"""
_ENGLISH_NAMES = dict(entry.split() for entry in _NAMES.replace("\n", "").split(","))


def english_name(code: str) -> str:
    """The language's name in English, or its code."""
    return _ENGLISH_NAMES.get(code, code)
