"""What usually happens: data of others, imported and checked, and rates counted from them.

`classes` reads the counts that ship with Foedus and is light; everything else loads arrays.
"""
